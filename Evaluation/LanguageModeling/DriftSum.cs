using System.Numerics.Tensors;

namespace MLNetExt.Evaluation;

/// <summary>Adds up, row by row, what a <see cref="RepresentationDrift"/> is made of.</summary>
internal sealed class DriftSum
{
    private readonly double[] _full;
    private readonly double[] _dropped;
    private double _squares;
    private double _differences;
    private double _divergence;
    private long _rows;

    /// <param name="width">The size of a vector.</param>
    public DriftSum(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_full, _dropped) = (new double[width], new double[width]);
    }

    /// <exception cref="ArgumentException">There was no row.</exception>
    public RepresentationDrift Drift => _rows > 0
        ? new RepresentationDrift(Math.Sqrt(_differences / _squares), _divergence / _rows)
        : throw new ArgumentException("There are no rows whose passes could be compared.");

    /// <exception cref="ArgumentException">The row has not the same vectors twice.</exception>
    public void Add(ReadOnlySpan<float> full, ReadOnlySpan<float> dropped)
    {
        int width = _full.Length;
        if (full.Length != dropped.Length || full.IsEmpty || full.Length % width != 0)
            throw new ArgumentException($"Row {_rows} has {full.Length} components in the full pass and {dropped.Length} in the other; both must be the same multiple of the width, {width}.", nameof(dropped));
        for (int i = 0; i < full.Length; i++)
        {
            double difference = (double)dropped[i] - full[i];
            _squares += (double)full[i] * full[i];
            _differences += difference * difference;
        }

        LogSoftmax(full[..width], _full);
        LogSoftmax(dropped[..width], _dropped);
        for (int i = 0; i < width; i++)
            _divergence += Math.Exp(_full[i]) * (_full[i] - _dropped[i]);
        _rows++;
    }

    private static void LogSoftmax(ReadOnlySpan<float> values, double[] result)
    {
        TensorPrimitives.ConvertChecked(values, result);
        double max = TensorPrimitives.Max<double>(result), sum = 0;
        foreach (double value in result)
            sum += Math.Exp(value - max);
        TensorPrimitives.Subtract(result, max + Math.Log(sum), result);
    }
}
