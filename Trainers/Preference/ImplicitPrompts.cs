namespace MLNetExt.Preference;

/// <summary>Prompts that stand at the beginning of both completions of a pair.</summary>
internal static class ImplicitPrompts
{
    /// <summary>Takes from the sequences of each row the tokens that all begin with; a single completion has no prompt, and neither have two equal ones.</summary>
    /// <param name="sequences">The sequences of each side, row by row.</param>
    public static (int[][] Prompts, int[][][] Completions) Split(int[][][] sequences)
    {
        int[] lengths = [.. Enumerable.Range(0, sequences[0].Length).Select(row => Common(sequences, row))];
        return (
            [.. sequences[0].Select((ids, row) => ids[..lengths[row]])],
            [.. sequences.Select(side => side.Select((ids, row) => ids[lengths[row]..]).ToArray())]);
    }

    private static int Common(int[][][] sequences, int row)
    {
        int length = sequences.Skip(1).Select(side => side[row].AsSpan().CommonPrefixLength(sequences[0][row])).DefaultIfEmpty(0).Min();
        return sequences.All(side => side[row].Length == length) ? 0 : length;
    }
}
