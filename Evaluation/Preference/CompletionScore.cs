namespace MLNetExt.Evaluation;

/// <summary>How likely a completion is after its prompt.</summary>
/// <param name="TokenCount">The tokens that were scored: those of the completion, never of the prompt; at least 1.</param>
/// <param name="LogProbability">The sum of their log-probabilities under the model, in nats; finite.</param>
/// <param name="ReferenceLogProbability">The same under the reference model; null without one.</param>
public readonly record struct CompletionScore(int TokenCount, double LogProbability, double? ReferenceLogProbability = null)
{
    /// <summary>The mean log-probability of a token, in nats.</summary>
    public double LogProbabilityPerToken => LogProbability / TokenCount;

    /// <summary>log p(model) − log p(reference), in nats; null without a reference.</summary>
    public double? LogRatio => LogProbability - ReferenceLogProbability;
}
