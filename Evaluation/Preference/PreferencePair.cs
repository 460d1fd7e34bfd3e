namespace MLNetExt.Evaluation;

/// <summary>What a model says of the two completions of a prompt.</summary>
/// <param name="Row">The row of the data, counted from 0.</param>
/// <param name="Chosen">The completion that is preferred.</param>
/// <param name="Rejected">The other one.</param>
public sealed record PreferencePair(long Row, CompletionScore Chosen, CompletionScore Rejected)
{
    /// <summary>log p(chosen) − log p(rejected), in nats.</summary>
    public double Margin => Chosen.LogProbability - Rejected.LogProbability;

    /// <summary>The difference of the mean log-probabilities of a token, in nats.</summary>
    public double MarginPerToken => Chosen.LogProbabilityPerToken - Rejected.LogProbabilityPerToken;

    /// <summary>The difference of the two <see cref="CompletionScore.LogRatio"/>s, in nats; null without a reference.</summary>
    public double? MarginOverReference => Chosen.LogRatio - Rejected.LogRatio;
}
