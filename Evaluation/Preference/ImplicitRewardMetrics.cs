namespace MLNetExt.Evaluation;

/// <summary>The rewards that a model implies by how far it moved from a reference model: β (log p(model) − log p(reference)), as in DPO (arXiv 2305.18290).</summary>
public sealed class ImplicitRewardMetrics
{
    internal ImplicitRewardMetrics(IReadOnlyList<PreferencePair> pairs, double beta, double confidence, int resamples, int seed)
    {
        Beta = beta;
        Chosen = Distribution.Of(pairs.Select(pair => beta * pair.Chosen.LogRatio!.Value));
        Rejected = Distribution.Of(pairs.Select(pair => beta * pair.Rejected.LogRatio!.Value));
        Margins = MarginMetrics.Of(pairs.Select(pair => beta * pair.MarginOverReference!.Value), confidence, resamples, seed);
    }

    /// <summary>β, above 0.</summary>
    public double Beta { get; }

    /// <summary>The rewards of the chosen completions.</summary>
    public Distribution Chosen { get; }

    /// <summary>The rewards of the rejected completions.</summary>
    public Distribution Rejected { get; }

    /// <summary>How often, and by how much, the chosen completion has the higher reward. All pairs are ties for a model that is its own reference.</summary>
    public MarginMetrics Margins { get; }
}
