namespace MLNetExt.Evaluation;

/// <summary>Where generated continuations first differ from the documents, and whether the loss mask had dropped the token there.</summary>
/// <remarks>A model trained with a consistent mask never learned the dropped tokens, so that is where recitation should break off.</remarks>
public sealed class DivergenceHistogram
{
    private DivergenceHistogram(int[] counts, int[]? droppedCounts, double? droppedTokenShare)
    {
        Counts = counts;
        DroppedCounts = droppedCounts;
        DroppedTokenShare = droppedTokenShare;
    }

    /// <summary>By position in the suffix, how many continuations first differ there.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>By position in the suffix, how many of <see cref="Counts"/> fell on a dropped token; null without a mask.</summary>
    public IReadOnlyList<int>? DroppedCounts { get; }

    /// <summary>The number of continuations that differ anywhere.</summary>
    public int Diverged => Counts.Sum();

    /// <summary>The number of continuations whose first difference is on a dropped token; null without a mask.</summary>
    public int? DivergedOnDropped => DroppedCounts?.Sum();

    /// <summary>The share of first differences that are on a dropped token, in [0, 1]; null without a mask, or when no continuation differs.</summary>
    public double? DroppedShare => Diverged == 0 ? null : (double?)DivergedOnDropped / Diverged;

    /// <summary>The share of dropped tokens among all tokens of the suffixes, in [0, 1]: what <see cref="DroppedShare"/> would be by chance. Null without a mask.</summary>
    public double? DroppedTokenShare { get; }

    /// <summary>Counts first differences.</summary>
    /// <param name="suffixLength">The number of positions, at least 1.</param>
    /// <param name="firstDivergences">For each continuation the position of its first difference; -1 when there is none.</param>
    /// <param name="droppedTokens">For each continuation which tokens of its suffix were dropped; null when there was no mask.</param>
    /// <exception cref="ArgumentException">A position is outside the suffix, or there are not as many masks as continuations, or one is of another length.</exception>
    public static DivergenceHistogram Of(int suffixLength, IReadOnlyList<int> firstDivergences, IReadOnlyList<IReadOnlyList<bool>>? droppedTokens = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(suffixLength, 1);
        ArgumentNullException.ThrowIfNull(firstDivergences);
        if (firstDivergences.Any(position => position < -1 || position >= suffixLength))
            throw new ArgumentException($"A first divergence lies in [0, {suffixLength}), or is -1.", nameof(firstDivergences));
        if (droppedTokens is not null && (droppedTokens.Count != firstDivergences.Count || droppedTokens.Any(mask => mask.Count != suffixLength)))
            throw new ArgumentException($"There must be one mask of {suffixLength} tokens for each of the {firstDivergences.Count} continuations.", nameof(droppedTokens));

        var counts = new int[suffixLength];
        int[]? dropped = droppedTokens is null ? null : new int[suffixLength];
        for (int i = 0; i < firstDivergences.Count; i++)
        {
            int position = firstDivergences[i];
            if (position < 0)
                continue;
            counts[position]++;
            if (dropped is not null && droppedTokens![i][position])
                dropped[position]++;
        }
        double? share = droppedTokens is null or { Count: 0 } ? null : droppedTokens.Average(mask => mask.Average(isDropped => isDropped ? 1.0 : 0));
        return new DivergenceHistogram(counts, dropped, share);
    }
}
