using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The Cringe loss: fine-tuning on desired completions, and a contrast for every token of undesired ones.</summary>
/// <remarks>
/// Adolphs, Gao, Xu, Shuster, Sukhbaatar and Weston, "The CRINGE loss: learning what language not to model", ACL 2023, arXiv
/// 2211.05826. With the contrast ct of a token (<see cref="CringeContrast"/>),
/// <code>L = (Σ_{t desired} −log p(y[t]) + α·Σ_{t undesired} ct(y[t])) / N</code>
/// N the tokens of both kinds: the mean is over tokens, as in the paper's code, and long completions count more. Gradients:
/// ∂/∂log p(y[t]) = −1/N for desired, ∂/∂ct(y[t]) = α/N for undesired tokens. Text without a label is desired text.
/// </remarks>
public sealed class BinaryCringe : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="contrast">Which tokens are held against those of undesired completions; k = 5 when null.</param>
    /// <param name="alpha">α, the weight of the contrasts, finite and not negative.</param>
    /// <exception cref="ArgumentException">The value is out of its range.</exception>
    public BinaryCringe(CringeContrast? contrast = null, double alpha = 1)
    {
        Contrast = contrast ?? new();
        Alpha = ParameterCheck.NotNegative(alpha);
    }

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast Contrast { get; }

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of tokens. The rewards of the metrics are the log-probabilities. More metrics, means over tokens
    /// of their kind: <c>ce_loss</c> and <c>ct_loss</c>.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var losses = where(scores.IsDesired, -scores.Sums, Alpha * scores.ContrastSums);
        return PreferenceSum.OfCompletions(scores, losses, weights: scores.Lengths, rewards: scores.Sums)
            .With("ce_loss", -scores.LogProbabilities, scores.TokensWhere(scores.IsDesired))
            .With("ct_loss", scores.Contrasts!, scores.TokensWhere(scores.IsDesired.logical_not()));
    }
}
