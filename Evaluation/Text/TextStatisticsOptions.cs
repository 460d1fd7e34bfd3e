namespace MLNetExt.Evaluation;

/// <summary>What <see cref="TextStatistics"/> counts.</summary>
public sealed class TextStatisticsOptions
{
    /// <summary>What n-grams are made of.</summary>
    public TextUnit Unit { get; set; } = TextUnit.Word;

    /// <summary>The n of rep@n, at least 1.</summary>
    public int RepetitionLength { get; set; } = 4;

    /// <summary>The n of each distinct-n, at least 1.</summary>
    public IReadOnlyList<int> DistinctLengths { get; set; } = [1, 2, 3];

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Unit))
            throw new ArgumentException($"Unit must be Word or Character, not {Unit}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(RepetitionLength, 1);
        ArgumentNullException.ThrowIfNull(DistinctLengths);
        if (DistinctLengths.Any(n => n < 1))
            throw new ArgumentException($"DistinctLengths must be at least 1, not {string.Join(", ", DistinctLengths)}.");
    }
}
