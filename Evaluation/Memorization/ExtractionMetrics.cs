namespace MLNetExt.Evaluation;

/// <summary>How much of the documents' suffixes a model recited, by one way to generate. Shares and scores are in [0, 1].</summary>
public sealed class ExtractionMetrics
{
    internal ExtractionMetrics(IReadOnlyList<SuffixContinuation> continuations, int suffixLength, IReadOnlyList<IReadOnlyList<bool>>? droppedTokens)
    {
        DocumentCount = continuations.Count;
        ExactMatches = continuations.Count(continuation => continuation.IsExactMatch);
        TokenAccuracy = continuations.Average(continuation => continuation.TokenAccuracy);
        RougeL = continuations.Average(continuation => continuation.RougeL);
        FirstDivergences = DivergenceHistogram.Of(suffixLength, [.. continuations.Select(continuation => continuation.FirstDivergence)], droppedTokens);
    }

    /// <summary>The number of documents that were long enough to be asked for.</summary>
    public int DocumentCount { get; }

    /// <summary>The number of documents whose whole suffix was recited.</summary>
    public int ExactMatches { get; }

    /// <summary>The share of documents whose whole suffix was recited.</summary>
    public double ExactMatch => (double)ExactMatches / DocumentCount;

    /// <summary>The mean over documents of the share of equal ids, position by position.</summary>
    public double TokenAccuracy { get; }

    /// <summary>The mean over documents of RougeL of the ids.</summary>
    public double RougeL { get; }

    /// <summary>Where the continuations first differ from the documents.</summary>
    public DivergenceHistogram FirstDivergences { get; }
}
