namespace MLNetExt.Evaluation;

/// <summary>What a model says of all completions of one kind, chosen or rejected.</summary>
public sealed class CompletionMetrics
{
    internal CompletionMetrics(CompletionScore[] completions)
    {
        LogProbability = Distribution.Of(completions.Select(completion => completion.LogProbability));
        LogProbabilityPerToken = Distribution.Of(completions.Select(completion => completion.LogProbabilityPerToken));
        TokenCount = Distribution.Of(completions.Select(completion => (double)completion.TokenCount));
    }

    /// <summary>The sum of each completion's log-probabilities, in nats.</summary>
    public Distribution LogProbability { get; }

    /// <summary>The mean of each completion's log-probabilities, in nats a token. Its mean is over completions: a long one weighs no more than a short one.</summary>
    public Distribution LogProbabilityPerToken { get; }

    /// <summary>The tokens that were scored of each completion, an end token included.</summary>
    public Distribution TokenCount { get; }
}
