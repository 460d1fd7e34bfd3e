namespace MLNetExt.Preference;

/// <summary>What a reward model scores, and the columns that it adds: it scores what is there.</summary>
/// <param name="Input">The single column, which gets <c>Score</c>.</param>
/// <param name="Chosen">The chosen side of pairs, which gets <c>ChosenScore</c>.</param>
/// <param name="Rejected">Their rejected side, which gets <c>RejectedScore</c>.</param>
internal sealed record RewardColumns(string Input, string Chosen, string Rejected)
{
    public const string Score = "Score";

    public string Rejected { get; } = Input != Chosen && Input != Rejected && Chosen != Rejected
        ? Rejected
        : throw new ArgumentException($"The input column ('{Input}'), the chosen one ('{Chosen}') and the rejected one ('{Rejected}') of a reward model must differ.");

    /// <summary>The columns to score and those to add. A pair is scored when both of its sides are there.</summary>
    /// <param name="isThere">Whether the data have a column.</param>
    /// <exception cref="ArgumentException">There is nothing to score.</exception>
    public IReadOnlyList<(string Column, string Score)> In(Predicate<string> isThere)
    {
        List<(string Column, string Score)> scored = [];
        if (isThere(Input))
            scored.Add((Input, Score));
        if (isThere(Chosen) && isThere(Rejected))
            scored.AddRange([(Chosen, nameof(Chosen) + Score), (Rejected, nameof(Rejected) + Score)]);
        return scored.Count > 0
            ? scored
            : throw new ArgumentException($"The data have nothing to score: neither column '{Input}' nor both '{Chosen}' and '{Rejected}'.");
    }
}
