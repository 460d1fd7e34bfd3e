namespace MLNetExt.Evaluation;

/// <summary>A generated continuation next to the true one.</summary>
public sealed class SuffixContinuation
{
    /// <summary>Compares the two.</summary>
    /// <param name="generated">The ids that a model generated.</param>
    /// <param name="reference">The ids that stand in the document.</param>
    public SuffixContinuation(int[] generated, int[] reference)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(reference);
        Generated = generated;
        Reference = reference;
        IsExactMatch = TokenComparison.IsExactMatch(generated, reference);
        TokenAccuracy = TokenComparison.TokenAccuracy(generated, reference);
        RougeL = Evaluation.RougeL.Score(generated, reference);
        FirstDivergence = TokenComparison.FirstDivergence(generated, reference);
    }

    /// <summary>The generated ids.</summary>
    public IReadOnlyList<int> Generated { get; }

    /// <summary>The document's ids.</summary>
    public IReadOnlyList<int> Reference { get; }

    /// <summary>Whether all ids are equal.</summary>
    public bool IsExactMatch { get; }

    /// <summary>The share of equal ids, position by position, in [0, 1].</summary>
    public double TokenAccuracy { get; }

    /// <summary>RougeL of the ids, in [0, 1].</summary>
    public double RougeL { get; }

    /// <summary>The first position, counted from 0, that differs; -1 when none does.</summary>
    public int FirstDivergence { get; }
}
