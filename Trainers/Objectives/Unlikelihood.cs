using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>Unlikelihood training: fine-tuning on desired completions, and the tokens of undesired ones made less likely.</summary>
/// <remarks>
/// Welleck, Kulikov, Roller, Dinan, Cho and Weston, "Neural text generation with unlikelihood training", ICLR 2020, arXiv
/// 1908.04319, with undesired completions for the negatives.
/// <code>L = (Σ_{t desired} −log p(y[t]) + α·Σ_{t undesired} −log(1 − p(y[t]))) / N</code>
/// N the tokens of both kinds. Gradients: ∂/∂log p(y[t]) = −1/N for desired and α·p/(1 − p)/N for undesired tokens. Where 1 − p is below
/// 10⁻⁶, less than single precision resolves, it counts as 10⁻⁶ with zero gradient.
/// </remarks>
public sealed class Unlikelihood : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="alpha">α, the weight of the undesired tokens, finite and not negative.</param>
    /// <exception cref="ArgumentException">The value is out of its range.</exception>
    public Unlikelihood(double alpha = 1) => Alpha = ParameterCheck.NotNegative(alpha);

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of tokens. The rewards of the metrics are the log-probabilities. More metrics, means over tokens
    /// of their kind: <c>ce_loss</c> and <c>unlikelihood_loss</c>.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var unlikelihood = -LogComplement.Of(scores.LogProbabilities.FillWhere(scores.IsToken.logical_not(), double.NegativeInfinity));
        var losses = where(scores.IsDesired, -scores.Sums, Alpha * unlikelihood.sum(1));
        return PreferenceSum.OfCompletions(scores, losses, weights: scores.Lengths, rewards: scores.Sums)
            .With("ce_loss", -scores.LogProbabilities, scores.TokensWhere(scores.IsDesired))
            .With("unlikelihood_loss", unlikelihood, scores.TokensWhere(scores.IsDesired.logical_not()));
    }
}
