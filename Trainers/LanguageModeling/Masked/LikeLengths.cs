namespace MLNetExt.LanguageModeling;

/// <summary>Puts rows of like length together, which then need little padding.</summary>
internal static class LikeLengths
{
    // Few enough that there are several lengths in a block of rows.
    private const int RowsTogether = 16;

    /// <summary>The numbers of all rows, those of the shortest first, in parts that are read together.</summary>
    public static IEnumerable<int[]> Of(IReadOnlyList<long> lengths) => Enumerable.Range(0, lengths.Count).OrderBy(row => lengths[row]).Chunk(RowsTogether);
}
