using System.Text;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

/// <summary>Byte-pair learning and encoding word for word as they are defined, counting everything anew for every merge.</summary>
internal static class BruteForce
{
    public static List<(string Left, string Right)> Learn(IEnumerable<(string Piece, long Count)> pieces, int tokens, long minFrequency)
    {
        var vocabulary = Enumerable.Range(0, 256).Select(value => ByteAlphabet.Token((byte)value)).ToHashSet();
        var merges = new List<(string Left, string Right)>();
        List<(List<string> Tokens, long Count)> split = [.. pieces.Select(piece => (Split(piece.Piece), piece.Count))];
        while (vocabulary.Count < tokens)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach ((List<string> piece, long count) in split)
            {
                for (int i = 1; i < piece.Count; i++)
                    counts[(piece[i - 1], piece[i])] = counts.GetValueOrDefault((piece[i - 1], piece[i])) + count;
            }
            if (counts.Count == 0 || counts.Values.Max() < minFrequency)
                break;
            long most = counts.Values.Max();
            (string Left, string Right) best = counts.Where(pair => pair.Value == most).Select(pair => pair.Key)
                .OrderBy(pair => Hex(pair.Left), StringComparer.Ordinal).ThenBy(pair => Hex(pair.Right), StringComparer.Ordinal).First();
            if (!merges.Contains(best))
                merges.Add(best);
            vocabulary.Add(best.Left + best.Right);
            foreach ((List<string> piece, _) in split)
                Merge(piece, best);
        }
        return merges;
    }

    /// <summary>Encodes one piece: the earliest learned merge that applies is made everywhere, again and again.</summary>
    public static List<string> Encode(string piece, IReadOnlyList<(string Left, string Right)> merges)
    {
        List<string> tokens = Split(piece);
        while (true)
        {
            int first = Enumerable.Range(1, Math.Max(0, tokens.Count - 1))
                .Select(i => merges.ToList().IndexOf((tokens[i - 1], tokens[i]))).Where(rank => rank >= 0).DefaultIfEmpty(-1).Min();
            if (first < 0)
                return tokens;
            Merge(tokens, merges[first]);
        }
    }

    private static void Merge(List<string> tokens, (string Left, string Right) pair)
    {
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            if ((tokens[i], tokens[i + 1]) != pair)
                continue;
            tokens[i] += tokens[i + 1];
            tokens.RemoveAt(i + 1);
        }
    }

    private static List<string> Split(string piece) => [.. Encoding.UTF8.GetBytes(piece).Select(ByteAlphabet.Token)];

    private static string Hex(string token) => Convert.ToHexString(ByteAlphabet.Read(token)!);
}
