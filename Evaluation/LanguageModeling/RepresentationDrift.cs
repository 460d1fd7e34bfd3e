namespace MLNetExt.Evaluation;

/// <summary>How far the vectors of a pass that drops tokens are from those of a full pass of the same network over the same rows.</summary>
/// <remarks>What Zhong et al. (ACL 2023, arXiv 2305.15273) call the semantic loss of token dropping. Both passes must be without dropout, or they differ for that alone.</remarks>
/// <param name="RelativeDistance">‖dropped − full‖ / ‖full‖, the Euclidean norms over all vectors: 0 for equal passes.</param>
/// <param name="Divergence">The mean over rows of KL(softmax(full) ‖ softmax(dropped)) over the components of a row's first vector, in nats: 0 for equal passes. Vectors that
/// were never normalised have softmaxes that are nearly one-hot.</param>
public sealed record RepresentationDrift(double RelativeDistance, double Divergence)
{
    /// <summary>Measures the drift.</summary>
    /// <param name="rows">Of each row, the vectors of its tokens, padding left out, in the full pass and in the other, one behind the other.</param>
    /// <param name="width">The size of a vector, at least 1.</param>
    /// <exception cref="ArgumentException">There are no rows, or a row has not the same vectors twice.</exception>
    public static RepresentationDrift Of(IEnumerable<(float[] Full, float[] Dropped)> rows, int width)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sum = new DriftSum(width);
        foreach ((float[] full, float[] dropped) in rows)
            sum.Add(full, dropped);
        return sum.Drift;
    }
}
