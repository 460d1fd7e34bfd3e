namespace MLNetExt.Masking;

/// <summary>The goldfish mask as a function of token ids: which tokens of a row a model learns to predict. Thread-safe; needs neither ML.NET nor torch.</summary>
/// <remarks>
/// A mask has an entry for every token of its row: 1 for a token that is learned as a target, 0 for one that is dropped. It says nothing of inputs: a
/// dropped token is read like all others. The reference's flag D[t] belongs to the target t, which is the token t + 1, so that
/// <c>D[t] = 1 - keep[t + 1]</c>. Unless <see cref="GoldfishRule.FirstIsTarget"/>, the row's first token is no target, and its entry is 1.
/// </remarks>
public sealed class GoldfishMask
{
    private readonly GoldfishRule _rule;
    private readonly Lazy<IWindowDropper> _dropper;

    /// <summary>Makes the mask of a rule.</summary>
    public GoldfishMask(GoldfishRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _rule = rule;
        // The reference's table takes some milliseconds and a megabyte.
        _dropper = new(() => rule.Strategy == GoldfishStrategy.Hash ? new WindowHash(rule) : new ReferenceTable(rule));
    }

    private int FirstTarget => _rule.FirstIsTarget ? 0 : 1;

    /// <summary>Masks a row.</summary>
    /// <param name="ids">The tokens of the row, of any number; any Int32 is an id here.</param>
    /// <param name="keep">The mask, as long as <paramref name="ids"/>: 1 for a token to learn, 0 for one that is dropped.</param>
    /// <param name="documentIds">The document of each token, where a row holds several: a window and its target lie in one document, or
    /// the target is kept. Empty for one document. Only hashes look at it.</param>
    /// <param name="row">The number of the row in the data, which only <see cref="GoldfishStrategy.Random"/> looks at.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Fill(ReadOnlySpan<int> ids, Span<float> keep, ReadOnlySpan<long> documentIds = default, long row = 0)
    {
        if (keep.Length != ids.Length)
            throw new ArgumentException($"The mask has {keep.Length} entries for {ids.Length} tokens.", nameof(keep));
        if (!documentIds.IsEmpty && documentIds.Length != ids.Length)
            throw new ArgumentException($"There are {documentIds.Length} document ids for {ids.Length} tokens.", nameof(documentIds));
        keep.Fill(1);
        if (ids.Length <= FirstTarget)
            return;
        Span<float> targets = keep[FirstTarget..];
        switch (_rule.Strategy)
        {
            case GoldfishStrategy.Static:
                for (long t = _rule.Start; t < targets.Length; t += _rule.K)
                    targets[(int)t] = 0;
                break;
            case GoldfishStrategy.Random:
                FillRandom(targets, _rule.K, _rule.Seed, step: 0, row * targets.Length);
                break;
            default:
                DropHashed(ids, keep, documentIds);
                break;
        }
        KeepExempt(ids, keep);
    }

    /// <summary>Draws a mask that may change at every step of a training, as the control that does not protect.</summary>
    /// <param name="keep">The entries of consecutive targets: each becomes 0 with probability 1/k, otherwise 1.</param>
    /// <param name="k">One of this many is dropped; at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="step">The training step.</param>
    /// <param name="first">The number of the first target within the step: row times targets of a row.</param>
    public static void FillRandom(Span<float> keep, int k, long seed, long step, long first)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ulong limit = Mix64.DropLimit(k);
        ulong start = ((ulong)step << 32) + (ulong)first;
        for (int t = 0; t < keep.Length; t++)
            keep[t] = (Mix64.Of((ulong)seed ^ Mix64.Of(start + (ulong)t)) >> 32) < limit ? 0 : 1;
    }

    private void DropHashed(ReadOnlySpan<int> ids, Span<float> keep, ReadOnlySpan<long> documentIds)
    {
        int start = 0;
        while (start < ids.Length)
        {
            int end = EndOfRun(ids, documentIds, start, out int next);
            DropRun(ids[start..end], keep[start..end], start == 0 ? FirstTarget : 0);
            start = next;
        }
    }

    /// <summary>Where the tokens end that one window may reach over, and where the next ones begin: padding lies between them.</summary>
    private int EndOfRun(ReadOnlySpan<int> ids, ReadOnlySpan<long> documentIds, int start, out int next)
    {
        int end = ids.Length;
        if (!documentIds.IsEmpty && documentIds[start..].IndexOfAnyExcept(documentIds[start]) is > 0 and int length)
            end = start + length;
        if (_rule.EndOfDocumentId is int last && ids[start..end].IndexOf(last) is >= 0 and int before)
            end = start + before + 1;
        next = end;
        if (_rule is { IgnoreId: int ignored, Strategy: GoldfishStrategy.Hash } && ids[start..end].IndexOf(ignored) is >= 0 and int kept)
            (end, next) = (start + kept, start + kept + 1);
        return end;
    }

    /// <summary>Drops within tokens of one document.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="keep">Their mask.</param>
    /// <param name="firstTarget">The first token that is a target; a window that includes its target holds no earlier one.</param>
    private void DropRun(ReadOnlySpan<int> ids, Span<float> keep, int firstTarget)
    {
        long first = _rule.IncludeTarget ? (long)firstTarget + _rule.H - 1 : _rule.H;
        if (first >= ids.Length)
            return;
        int window = (int)first - _rule.H + (_rule.IncludeTarget ? 1 : 0);
        _dropper.Value.Drop(ids[window..], _rule.H, keep[(int)first..]);
    }

    private void KeepExempt(ReadOnlySpan<int> ids, Span<float> keep)
    {
        foreach (int exempt in _rule.ExemptIds)
        {
            int at = -1;
            while (ids[(at + 1)..].IndexOf(exempt) is >= 0 and int skipped)
            {
                at += skipped + 1;
                keep[at] = 1;
            }
        }
    }
}
