namespace MLNetExt.Evaluation;

/// <summary>Intervals from samples drawn anew from the sample itself, with replacement (Efron, 1979).</summary>
public static class Bootstrap
{
    /// <summary>The usual confidence.</summary>
    public const double DefaultConfidence = 0.95;

    /// <summary>Enough samples for the two-sided interval of <see cref="DefaultConfidence"/>.</summary>
    public const int DefaultResamples = 2000;

    /// <summary>The percentile interval of a mean.</summary>
    /// <param name="values">The sample, at least one finite value; the values must be independent of each other.</param>
    /// <param name="confidence">How often such an interval holds the true mean, in (0, 1).</param>
    /// <param name="resamples">How many samples are drawn, at least 1. Time is proportional to them and to the values.</param>
    /// <param name="seed">Decides what is drawn: the same seed gives the same interval.</param>
    /// <exception cref="ArgumentException">There are no values, or a parameter is outside its range.</exception>
    public static ConfidenceInterval MeanInterval(
        ReadOnlySpan<double> values, double confidence = DefaultConfidence, int resamples = DefaultResamples, int seed = 1)
    {
        if (values.IsEmpty)
            throw new ArgumentException("An interval needs at least one value.", nameof(values));
        Require(confidence, resamples);
        var random = new Random(seed);
        var means = new double[resamples];
        for (int resample = 0; resample < resamples; resample++)
        {
            double sum = 0;
            for (int i = 0; i < values.Length; i++)
                sum += values[random.Next(values.Length)];
            means[resample] = sum / values.Length;
        }
        var distribution = Distribution.Of(means);
        double tail = (1 - confidence) / 2;
        return new ConfidenceInterval(distribution.Quantile(tail), distribution.Quantile(1 - tail));
    }

    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    internal static void Require(double confidence, int resamples)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Confidence must be in (0, 1).");
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
    }
}
