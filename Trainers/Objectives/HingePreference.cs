namespace MLNetExt.Objectives;

/// <summary>The hinge loss of the margin over the reference: pairs that are told apart by enough no longer count.</summary>
/// <remarks>
/// The loss of SLiC (Zhao et al., arXiv 2305.10425) on the normalised likelihoods of RSO (Liu et al., "Statistical rejection sampling improves
/// preference optimization", ICLR 2024, arXiv 2309.06657). With log-probabilities π of the model and ref of the reference, summed
/// over tokens, of the chosen completion w and the rejected one l,
/// <code>Δ = (π(w) − ref(w)) − (π(l) − ref(l));   L = max(0, 1 − βΔ)</code>
/// with the mean over pairs. Gradient: ∂L/∂π(w) = −β where βΔ is below 1, 0 elsewhere; ∂L/∂π(l) = −∂L/∂π(w).
/// </remarks>
public sealed class HingePreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">β, finite and greater than 0.</param>
    /// <exception cref="ArgumentException">The value is out of its range.</exception>
    public HingePreference(double beta = 0.1) => Beta = ParameterCheck.Positive(beta);

    /// <inheritdoc/>
    public bool NeedsReference => true;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of pairs. The rewards of the metrics are β·(π − ref).</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var rewards = Beta * scores.LogRatios;
        var (chosen, rejected) = scores.Pairs(rewards);
        return PreferenceSum.OfPairs(scores, (1 - (chosen - rejected)).relu(), rewards);
    }
}
