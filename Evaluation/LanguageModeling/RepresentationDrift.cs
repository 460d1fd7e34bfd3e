using System.Numerics.Tensors;

namespace MLNetExt.Evaluation;

/// <summary>How far the vectors of a pass that drops tokens are from those of a full pass of the same network over the same rows.</summary>
/// <remarks>What Zhong et al. (ACL 2023, arXiv 2305.15273) call the semantic loss of token dropping. Both passes must be without dropout, or they differ for that alone.</remarks>
/// <param name="RelativeDistance">‖dropped − full‖ / ‖full‖, the Euclidean norms over all vectors: 0 for equal passes.</param>
/// <param name="Divergence">The mean over rows of KL(softmax(full) ‖ softmax(dropped)) over the components of a row's first vector, in nats: 0 for equal passes.</param>
public sealed record RepresentationDrift(double RelativeDistance, double Divergence)
{
    /// <summary>Measures the drift.</summary>
    /// <param name="full">All vectors of the full pass, one behind the other; padding left out.</param>
    /// <param name="dropped">Those of the other pass, in the same order.</param>
    /// <param name="firstOfFull">The first vector of each row in the full pass, one behind the other. Vectors that were never normalised have softmaxes that are nearly one-hot: normalise them before.</param>
    /// <param name="firstOfDropped">Those of the other pass.</param>
    /// <param name="width">The size of a vector, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, are 0, or are no multiple of the width.</exception>
    public static RepresentationDrift Of(ReadOnlySpan<float> full, ReadOnlySpan<float> dropped, ReadOnlySpan<float> firstOfFull, ReadOnlySpan<float> firstOfDropped, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Require(full, dropped, width, nameof(dropped));
        Require(firstOfFull, firstOfDropped, width, nameof(firstOfDropped));
        double divergence = 0;
        double[] p = new double[width], q = new double[width];
        for (int start = 0; start < firstOfFull.Length; start += width)
        {
            LogSoftmax(firstOfFull.Slice(start, width), p);
            LogSoftmax(firstOfDropped.Slice(start, width), q);
            for (int i = 0; i < width; i++)
                divergence += Math.Exp(p[i]) * (p[i] - q[i]);
        }

        double squares = 0, differences = 0;
        for (int i = 0; i < full.Length; i++)
        {
            double difference = (double)dropped[i] - full[i];
            squares += (double)full[i] * full[i];
            differences += difference * difference;
        }

        return new RepresentationDrift(Math.Sqrt(differences / squares), divergence * width / firstOfFull.Length);
    }

    private static void LogSoftmax(ReadOnlySpan<float> values, double[] result)
    {
        TensorPrimitives.ConvertChecked(values, result);
        double max = TensorPrimitives.Max<double>(result), sum = 0;
        foreach (double value in result)
            sum += Math.Exp(value - max);
        TensorPrimitives.Subtract(result, max + Math.Log(sum), result);
    }

    private static void Require(ReadOnlySpan<float> full, ReadOnlySpan<float> dropped, int width, string name)
    {
        if (full.Length != dropped.Length || full.IsEmpty || full.Length % width != 0)
            throw new ArgumentException($"There are {full.Length} components of the full pass and {dropped.Length} of the other; both must be the same multiple of the width, {width}.", name);
    }
}
