using static TorchSharp.torch.nn.functional;

namespace MLNetExt.Objectives;

/// <summary>Direct preference optimisation (DPO), with its two ways to allow for labels that are wrong.</summary>
/// <remarks>
/// Rafailov, Sharma, Mitchell, Ermon, Manning and Finn, "Direct preference optimization: your language model is secretly a reward
/// model", NeurIPS 2023, arXiv 2305.18290. With log-probabilities π of the model and ref of the reference, summed over tokens, of the chosen
/// completion w and the rejected one l,
/// <code>Δ = (π(w) − ref(w)) − (π(l) − ref(l));   L = −(1 − ε)·log σ(βΔ) − ε·log σ(−βΔ)</code>
/// with the mean over pairs. ε = 0 is the paper's loss; ε &gt; 0 is conservative DPO, which supposes that this share of the labels is wrong;
/// the robust form (Chowdhury, Kini and Natarajan, ICML 2024, arXiv 2403.00409) is unbiased under such labels:
/// <code>L = (−(1 − ε)·log σ(βΔ) + ε·log σ(−βΔ)) / (1 − 2ε)</code>
/// Gradient without smoothing: ∂L/∂π(w) = −β·σ(−βΔ) = −∂L/∂π(l).
/// </remarks>
public sealed class DirectPreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">β, finite and greater than 0: how strongly the model is held to the reference.</param>
    /// <param name="labelSmoothing">ε, at least 0 and below 0.5.</param>
    /// <param name="robust">Whether ε is used as in the robust form.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public DirectPreference(double beta = 0.1, double labelSmoothing = 0, bool robust = false)
    {
        Beta = ParameterCheck.Positive(beta);
        if (!(labelSmoothing >= 0 && labelSmoothing < 0.5))
            throw new ArgumentException($"labelSmoothing is {labelSmoothing}; it must be at least 0 and below 0.5.", nameof(labelSmoothing));
        (LabelSmoothing, Robust) = (labelSmoothing, robust);
    }

    /// <inheritdoc/>
    public bool NeedsReference => true;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <summary>ε.</summary>
    public double LabelSmoothing { get; }

    /// <summary>Whether ε is used as in the robust form.</summary>
    public bool Robust { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of pairs. The rewards of the metrics are β·(π − ref).</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var rewards = Beta * scores.LogRatios;
        var (chosen, rejected) = scores.Pairs(rewards);
        var logits = chosen - rejected;
        var right = -(1 - LabelSmoothing) * logsigmoid(logits);
        var wrong = -LabelSmoothing * logsigmoid(-logits);
        return PreferenceSum.OfPairs(scores, Robust ? (right - wrong) / (1 - 2 * LabelSmoothing) : right + wrong, rewards);
    }
}
