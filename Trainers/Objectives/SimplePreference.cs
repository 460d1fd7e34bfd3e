using static TorchSharp.torch.nn.functional;

namespace MLNetExt.Objectives;

/// <summary>Simple preference optimisation (SimPO): mean log-probabilities as rewards, a target margin, no reference model.</summary>
/// <remarks>
/// Meng, Xia and Chen, "SimPO: simple preference optimization with a reference-free reward", NeurIPS 2024, arXiv 2405.14734. With
/// log-probabilities π and lengths |·| of the chosen completion w and the rejected one l,
/// <code>z = β·(π(w)/|w| − π(l)/|l|) − γ;   L = −log σ(z)</code>
/// with the mean over pairs. γ is subtracted after the scaling by β. Gradients: ∂L/∂π(w) = −β·σ(−z)/|w|, ∂L/∂π(l) = β·σ(−z)/|l|.
/// </remarks>
public sealed class SimplePreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">β, finite and greater than 0: 2 to 2.5 in the paper.</param>
    /// <param name="gamma">γ, the margin wanted, finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public SimplePreference(double beta = 2, double gamma = 0.5)
    {
        Beta = ParameterCheck.Positive(beta);
        Gamma = ParameterCheck.NotNegative(gamma);
    }

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <summary>γ.</summary>
    public double Gamma { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of pairs. The rewards of the metrics are β·π/|·|.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var rewards = Beta * scores.Means;
        var (chosen, rejected) = scores.Pairs(rewards);
        return PreferenceSum.OfPairs(scores, -logsigmoid(chosen - rejected - Gamma), rewards);
    }
}
