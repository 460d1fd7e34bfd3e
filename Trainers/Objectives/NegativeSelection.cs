namespace MLNetExt.Objectives;

/// <summary>Which negative pairs of a batch count. Positives always do, and the loss is still divided by n.</summary>
/// <remarks>Section 4.8 of arXiv 2303.15343: with few negatives, the hardest nearly keep the quality of all, random ones
/// lose some of it, and with the easiest training fails.</remarks>
public sealed record NegativeSelection
{
    /// <summary>Selects negatives.</summary>
    /// <param name="kind">Which negatives to keep.</param>
    /// <param name="negativesPerPositive">How many to keep for each positive of the batch, finite and greater than 0. The
    /// number for the whole batch is rounded, halves away from 0. No effect with <see cref="NegativeKind.All"/>.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public NegativeSelection(NegativeKind kind, double negativesPerPositive = 1)
    {
        if (!Enum.IsDefined(kind))
            throw new ArgumentException($"The kind of negatives is {kind}; it must be one of {string.Join(", ", Enum.GetNames<NegativeKind>())}.", nameof(kind));
        if (!(negativesPerPositive > 0 && double.IsFinite(negativesPerPositive)))
            throw new ArgumentException($"The number of negatives per positive is {negativesPerPositive}; it must be finite and greater than 0.", nameof(negativesPerPositive));
        Kind = kind;
        NegativesPerPositive = negativesPerPositive;
    }

    /// <summary>Which negatives to keep.</summary>
    public NegativeKind Kind { get; }

    /// <summary>How many negatives to keep for each positive of the batch.</summary>
    public double NegativesPerPositive { get; }
}
