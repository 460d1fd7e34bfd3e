namespace MLNetExt.Objectives;

/// <summary>Plain fine-tuning on the desired completions: what every preference loss is compared with.</summary>
/// <remarks>
/// <code>L = −Σ_{t desired} log p(y[t]) / N</code>
/// N the desired tokens. Gradient: ∂/∂log p(y[t]) = −1/N. Undesired completions are in the metrics alone.
/// </remarks>
public sealed class ChosenCrossEntropy : IPreferenceObjective
{
    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <inheritdoc/>
    /// <remarks>The weight is the number of desired tokens. The rewards of the metrics are the log-probabilities.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
        => PreferenceSum.OfCompletions(scores, -scores.Sums * scores.IsDesired, weights: scores.Lengths * scores.IsDesired, rewards: scores.Sums);
}
