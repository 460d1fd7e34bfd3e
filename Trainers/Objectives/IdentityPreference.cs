namespace MLNetExt.Objectives;

/// <summary>Identity preference optimisation (IPO): the margin over the reference is drawn to a value, not pushed without end.</summary>
/// <remarks>
/// Azar, Rowland, Piot, Guo, Calandriello, Valko and Munos, "A general theoretical paradigm to understand learning from human
/// preferences", AISTATS 2024, arXiv 2310.12036. With log-probabilities π of the model and ref of the reference, of the chosen
/// completion w and the rejected one l,
/// <code>Δ = (π(w) − ref(w)) − (π(l) − ref(l));   L = (Δ − 1/(2β))²</code>
/// with the mean over pairs; β is the paper's τ. Gradient: ∂L/∂π(w) = 2·(Δ − 1/(2β)) = −∂L/∂π(l).
/// <para>The paper sums log-probabilities over tokens. TRL divides each completion's π − ref by its tokens first, and so does this by
/// default: see <see cref="LengthNormalize"/>. The two need quite different β.</para>
/// </remarks>
public sealed class IdentityPreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">β, finite and greater than 0.</param>
    /// <exception cref="ArgumentException">The value is out of its range.</exception>
    public IdentityPreference(double beta = 0.1) => Beta = ParameterCheck.Positive(beta);

    /// <inheritdoc/>
    public bool NeedsReference => true;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <summary>Whether each completion's π − ref is divided by its number of tokens, as TRL does and the paper does not.</summary>
    public bool LengthNormalize { get; init; } = true;

    /// <inheritdoc/>
    /// <remarks>The weight is the number of pairs. The rewards of the metrics are β·(π − ref), summed over tokens.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var ratios = scores.LogRatios;
        var (chosen, rejected) = scores.Pairs(LengthNormalize ? ratios / scores.Lengths.clamp(min: 1) : ratios);
        return PreferenceSum.OfPairs(scores, (chosen - rejected - 1 / (2 * Beta)).square(), rewards: Beta * ratios);
    }
}
