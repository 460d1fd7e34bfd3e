using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Sequences of different lengths as one tensor.</summary>
internal static class PaddedTokens
{
    /// <summary>Padded with 0 at the end, where a causal network's tokens do not see it.</summary>
    public static TokenRows AtEnd(IReadOnlyList<int[]> sequences) =>
        new(Pad(sequences, (_, _) => 0), tensor(sequences.Select(s => (long)s.Length).ToArray()));

    /// <summary>Padded with 0 at the front, so that all sequences end at the last place.</summary>
    /// <returns>Int64 <c>[rows, longest]</c>, and which of them are tokens; null when all are.</returns>
    public static (Tensor Ids, Tensor? IsToken) AtFront(IReadOnlyList<int[]> sequences)
    {
        int longest = sequences.Max(s => s.Length);
        Tensor ids = Pad(sequences, (sequence, width) => width - sequence.Length);
        if (sequences.All(s => s.Length == longest))
            return (ids, null);
        using Tensor padding = tensor(sequences.Select(s => (long)(longest - s.Length)).ToArray()).unsqueeze(1);
        using Tensor places = arange(longest);
        return (ids, places.ge(padding));
    }

    private static Tensor Pad(IReadOnlyList<int[]> sequences, Func<int[], int, int> start)
    {
        int width = sequences.Max(s => s.Length);
        var padded = new long[sequences.Count, width];
        for (int row = 0; row < sequences.Count; row++)
        {
            int at = start(sequences[row], width);
            for (int t = 0; t < sequences[row].Length; t++)
                padded[row, at + t] = sequences[row][t];
        }

        return tensor(padded);
    }
}
