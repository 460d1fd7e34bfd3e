using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>Kahneman-Tversky optimisation (KTO): each completion is measured against a common zero; labels are enough, no pairs.</summary>
/// <remarks>
/// Ethayarajh, Xu, Muennighoff, Jurafsky and Kiela, "KTO: model alignment as prospect theoretic optimization", ICML 2024, arXiv 2402.01306.
/// With r = π − ref, the log-probability of a completion under the model minus that under the reference, summed over tokens,
/// <code>L = λ_D·(1 − σ(β(r − z)))   for a desired,   λ_U·(1 − σ(β(z − r)))   for an undesired completion</code>
/// with the mean over completions, as in TRL. z, at least 0, estimates the divergence of the model from the reference; no gradient flows
/// through it. Gradient: ∂L/∂π = ∓λ·β·s·(1 − s), s the value of σ.
/// <para>z is <see cref="CompletionScores.Divergence"/> when that is given: the mean of r over completions put to other prompts, as
/// TRL and the paper have it, at the price of one more forward of both models. Otherwise it is the mean of r over the batch itself, which
/// costs nothing. That mean moves with what is learned, and one completion alone in its batch is its own zero: give
/// the divergence, or take batches that mix both labels and are not small.</para>
/// <para>Keep λ_D·(desired completions) to λ_U·(undesired ones) between 1:1 and 4:3.</para>
/// </remarks>
public sealed class KahnemanTversky : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">β, finite and greater than 0.</param>
    /// <param name="desirableWeight">λ_D, finite and not negative.</param>
    /// <param name="undesirableWeight">λ_U, finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public KahnemanTversky(double beta = 0.1, double desirableWeight = 1, double undesirableWeight = 1)
    {
        Beta = ParameterCheck.Positive(beta);
        DesirableWeight = ParameterCheck.NotNegative(desirableWeight);
        UndesirableWeight = ParameterCheck.NotNegative(undesirableWeight);
    }

    /// <inheritdoc/>
    public bool NeedsReference => true;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <summary>λ_D.</summary>
    public double DesirableWeight { get; }

    /// <summary>λ_U.</summary>
    public double UndesirableWeight { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of completions. The rewards of the metrics are β·r. One more metric: <c>kl</c>, which is z.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var ratios = scores.LogRatios;
        double zero = Math.Max(0, scores.Divergence ?? Mean(ratios, scores.IsCounted));
        var gains = Beta * (ratios - zero);
        var losses = where(scores.IsDesired, DesirableWeight * (-gains).sigmoid(), UndesirableWeight * gains.sigmoid());
        return PreferenceSum.OfCompletions(scores, losses, weights: ones_like(losses, requires_grad: false), rewards: Beta * ratios)
            .With("kl", full_like(losses, zero, requires_grad: false), scores.IsCounted);
    }

    private static double Mean(Tensor values, Tensor isCounted)
    {
        using var noGradient = no_grad();
        return values.FillWhere(isCounted.logical_not(), 0).sum().ToDouble() / Math.Max(1, isCounted.sum().ToInt64());
    }
}
