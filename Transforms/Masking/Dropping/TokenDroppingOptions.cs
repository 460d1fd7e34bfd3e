using Microsoft.ML.SearchSpace;

namespace MLNetExt.Masking;

/// <summary>The options of <see cref="TokenDroppingEstimator"/>. Fit reads them and never changes them.</summary>
public sealed class TokenDroppingOptions
{
    /// <summary>The places to add of the tokens that are kept, from 0: a vector of Int32.</summary>
    public string OutputColumnName { get; set; } = "KeepPositions";

    /// <summary>The mask to add: a vector of Single as long as the tokens, 1 for a token that is kept and 0 for one that is dropped.</summary>
    public string MaskColumnName { get; set; } = "KeepMask";

    /// <summary>The token column to read: a vector of Int32.</summary>
    public string InputColumnName { get; set; } = "Tokens";

    /// <summary>By what tokens are kept.</summary>
    public DropScoring Scoring { get; set; } = DropScoring.Frequency;

    /// <summary>The score of each id, for <see cref="DropScoring.Table"/>; otherwise null.</summary>
    public float[]? Table { get; set; }

    /// <inheritdoc cref="DropRule.KeepRatio"/>
    [Range(0.3, 0.7, 0.5)]
    public double KeepRatio { get; set; } = 0.5;

    /// <inheritdoc cref="DropRule.KeepCount"/>
    public int? KeepCount { get; set; }

    /// <summary>The ids that are kept before all others; null for all special tokens in the column's annotations but <c>pad</c>.</summary>
    public int[]? PinnedIds { get; set; }

    /// <summary>The ids that are dropped before all others; null for <c>pad</c> in the column's annotations.</summary>
    public int[]? DeniedIds { get; set; }

    /// <inheritdoc cref="DropRule.PinnedOverflow"/>
    public PinnedOverflow? PinnedOverflow { get; set; }

    /// <inheritdoc cref="DropRule.SortByPosition"/>
    public bool SortByPosition { get; set; }

    /// <summary>The epoch, for <see cref="DropScoring.Random"/>: another one is another choice.</summary>
    public long Epoch { get; set; }

    /// <inheritdoc cref="DropRule.Seed"/>
    public long Seed { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal TokenDroppingState ToState()
    {
        if (Scoring == DropScoring.Table != Table is not null)
            throw new ArgumentException(
                $"{nameof(Table)} is {(Table is null ? "null" : "set")}, and {nameof(Scoring)} is {Scoring}: a table belongs to {nameof(DropScoring)}.{DropScoring.Table}.", nameof(Table));
        if (Table is not null)
            TokenIds.CheckedSize(Table.Length, $"the length of {nameof(Table)}");
        return new TokenDroppingState(
            OutputColumnName,
            MaskColumnName,
            InputColumnName,
            Scoring,
            new DropRule { KeepRatio = KeepRatio, KeepCount = KeepCount, PinnedOverflow = PinnedOverflow, SortByPosition = SortByPosition, Seed = Seed },
            Epoch,
            PinnedIds is null ? null : [.. PinnedIds],
            DeniedIds is null ? null : [.. DeniedIds]);
    }
}
