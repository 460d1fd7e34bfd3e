using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>Mean, deviation and largest magnitude of each feature, gathered in one pass.</summary>
/// <remarks>Sums are of differences from the first row: plain sums of squares would cancel when a feature's mean is large.</remarks>
public sealed class FeatureStatistics(int width)
{
    private readonly double[] _origin = new double[width];
    private readonly double[] _sums = new double[width];
    private readonly double[] _squares = new double[width];
    private readonly float[] _magnitudes = new float[width];
    private readonly long[] _listed = new long[width];
    private long _sparseRows;

    /// <summary>The number of rows added.</summary>
    public long Count { get; private set; }

    /// <summary>The slot of the row's first value that is NaN or infinite; -1 when there is none.</summary>
    public static int FirstNonFinite(in VBuffer<float> row)
    {
        ReadOnlySpan<float> values = row.GetValues();
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return row.IsDense ? i : row.GetIndices()[i];
        }

        return -1;
    }

    /// <summary>Adds a row of finite values.</summary>
    public void Add(in VBuffer<float> row)
    {
        if (Count++ == 0)
        {
            foreach ((int slot, float value) in row.Items())
                _origin[slot] = value;
        }

        if (row.IsDense)
            AddDense(row.GetValues());
        else
            AddSparse(row.GetIndices(), row.GetValues());
    }

    /// <summary>What to subtract from, and then multiply, each feature to give it mean 0 and deviation 1. A constant feature becomes 0.</summary>
    public (float[] Shift, float[] Scale) Standard()
    {
        var shift = new float[width];
        var scale = new float[width];
        for (int j = 0; j < width; j++)
        {
            // An unlisted slot of a sparse row holds 0, which differs from the origin by -origin.
            long unlisted = _sparseRows - _listed[j];
            double sum = _sums[j] - unlisted * _origin[j];
            double squares = _squares[j] + unlisted * _origin[j] * _origin[j];
            double mean = sum / Count;
            double variance = squares / Count - mean * mean;
            bool isConstant = variance <= 1e-12 * squares / Count;
            shift[j] = (float)(_origin[j] + mean);
            scale[j] = isConstant ? 1 : FiniteScale(Math.Sqrt(variance));
        }

        return (shift, scale);
    }

    /// <summary>What to multiply each feature by to give it largest magnitude 1; a feature that is always 0 stays.</summary>
    public float[] MaxAbsScale() => [.. _magnitudes.Select(m => m > 0 ? FiniteScale(m) : 1)];

    /// <summary>1/size, as far as a float can hold it: features of denormal size would get an infinite scale.</summary>
    private static float FiniteScale(double size) => (float)Math.Min(1 / size, float.MaxValue);

    private void AddDense(ReadOnlySpan<float> values)
    {
        for (int j = 0; j < values.Length; j++)
        {
            double difference = values[j] - _origin[j];
            _sums[j] += difference;
            _squares[j] += difference * difference;
            _magnitudes[j] = Math.Max(_magnitudes[j], Math.Abs(values[j]));
        }
    }

    private void AddSparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        _sparseRows++;
        for (int i = 0; i < indices.Length; i++)
        {
            int j = indices[i];
            double difference = values[i] - _origin[j];
            _listed[j]++;
            _sums[j] += difference;
            _squares[j] += difference * difference;
            _magnitudes[j] = Math.Max(_magnitudes[j], Math.Abs(values[i]));
        }
    }
}
