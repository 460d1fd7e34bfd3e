using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>Fits the one number that logits are divided by so that their softmax is calibrated (arXiv 1706.04599).</summary>
internal static class TemperatureScaling
{
    private const double MinInverse = 1e-3;
    private const double MaxInverse = 1e3;

    /// <summary>The temperature with the least negative log-likelihood of slightly smoothed targets, in [0.001, 1000].</summary>
    /// <param name="logits">Float32 or float64 <c>[rows, classes]</c>.</param>
    /// <param name="targets">Int64 <c>[rows]</c>, all valid classes.</param>
    /// <remarks>
    /// <para>Of N rows, 1/(N+2) of each target's weight goes to the other classes, as in Platt's method ("Probabilistic outputs
    /// for support vector machines", 1999): otherwise rows that are all right would make the probabilities infinitely sure.</para>
    /// <para>The likelihood is concave in b = 1/T, with derivative Σ (E_q f − E_p f), q the targets, and second derivative
    /// −Σ Var_p f: Newton's method inside a bracket that bisection narrows.</para>
    /// </remarks>
    public static double Fit(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        Tensor f = logits.to(ScalarType.Float64).cpu();
        Tensor trueLogits = f.gather(1, targets.cpu().unsqueeze(1)).squeeze(1);
        double others = 1.0 / (f.shape[0] + 2);
        Tensor targetLogits = (1 - others) * trueLogits + others * (f.sum(dim: 1) - trueLogits) / (f.shape[1] - 1);
        double low = MinInverse, high = MaxInverse, inverse = 1;
        for (int i = 0; i < 100 && high - low > 1e-9 * inverse; i++)
        {
            using var step = NewDisposeScope();
            Tensor p = softmax(f * inverse, 1);
            Tensor mean = (p * f).sum(1);
            double slope = (targetLogits - mean).sum().item<double>();
            double curvature = ((p * f * f).sum(1) - mean * mean).sum().item<double>();
            if (slope == 0)
                break;
            if (slope > 0)
                low = inverse;
            else
                high = inverse;
            double newton = inverse + slope / curvature;
            inverse = newton > low && newton < high ? newton : Math.Sqrt(low * high);
        }

        return 1 / inverse;
    }
}
