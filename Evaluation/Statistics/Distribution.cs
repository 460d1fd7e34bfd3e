namespace MLNetExt.Evaluation;

/// <summary>How a sample of numbers lies.</summary>
public sealed class Distribution
{
    private readonly double[] _sorted;

    private Distribution(double[] sorted)
    {
        _sorted = sorted;
        Mean = sorted.Average();
        StandardDeviation = Math.Sqrt(sorted.Sum(value => (value - Mean) * (value - Mean)) / (sorted.Length - 1));
    }

    /// <summary>The number of values.</summary>
    public int Count => _sorted.Length;

    /// <summary>Their mean.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation, by n − 1; NaN for a single value.</summary>
    public double StandardDeviation { get; }

    /// <summary>The standard error of the mean, if the values are independent: deviation / √n. NaN for a single value.</summary>
    public double StandardError => StandardDeviation / Math.Sqrt(Count);

    /// <summary>The smallest value.</summary>
    public double Minimum => _sorted[0];

    /// <summary>The middle value, or the mean of the middle two.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The largest value.</summary>
    public double Maximum => _sorted[^1];

    /// <summary>Summarises values.</summary>
    /// <param name="values">At least one, none of them NaN.</param>
    /// <exception cref="ArgumentException">There are none, or one is NaN.</exception>
    public static Distribution Of(params IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        if (sorted.Length == 0)
            throw new ArgumentException("A distribution needs at least one value.", nameof(values));
        if (Array.FindIndex(sorted, double.IsNaN) is >= 0 and int at)
            throw new ArgumentException($"Value {at} is NaN.", nameof(values));
        Array.Sort(sorted);
        return new Distribution(sorted);
    }

    /// <summary>The value below which the given share of the sample lies, interpolated between neighbours: at place share · (n − 1) of the sorted values.</summary>
    /// <param name="share">In [0, 1].</param>
    public double Quantile(double share)
    {
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies in [0, 1].");
        double place = share * (Count - 1);
        int below = (int)place;
        double rest = place - below;
        return rest == 0 ? _sorted[below] : _sorted[below] + rest * (_sorted[below + 1] - _sorted[below]);
    }
}
