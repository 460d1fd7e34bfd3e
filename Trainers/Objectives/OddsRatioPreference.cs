using static TorchSharp.torch.nn.functional;

namespace MLNetExt.Objectives;

/// <summary>Odds ratio preference optimisation (ORPO): fine-tuning on the chosen completion, and a penalty on the odds of the
/// rejected one; no reference model.</summary>
/// <remarks>
/// Hong, Lee and Thorne, "ORPO: monolithic preference optimization without reference model", EMNLP 2024, arXiv 2403.07691. With the mean
/// log-probabilities m = log P of the tokens of the chosen completion w and the rejected one l,
/// <code>odds = P/(1 − P);   z = log odds(w) − log odds(l);   L = −m(w) − β·log σ(z)</code>
/// with the mean over pairs; β is the paper's λ. Gradients: ∂L/∂m(w) = −1 − β·σ(−z)/(1 − P(w)), ∂L/∂m(l) = β·σ(−z)/(1 − P(l)). A 1 − P
/// below 10⁻⁶ counts as 10⁻⁶.
/// <para>TRL's first term covers the prompt's tokens as well; this covers the completion's alone.</para>
/// </remarks>
public sealed class OddsRatioPreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">β, finite and not negative.</param>
    /// <exception cref="ArgumentException">The value is out of its range.</exception>
    public OddsRatioPreference(double beta = 0.1) => Beta = ParameterCheck.NotNegative(beta);

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of pairs. The rewards of the metrics are β·m.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var means = scores.Means;
        var (chosen, rejected) = scores.Pairs(means - LogComplement.Of(means));
        return PreferenceSum.OfPairs(scores, -scores.Pairs(means).Chosen - Beta * logsigmoid(chosen - rejected), rewards: Beta * means);
    }
}
