namespace MLNetExt.Evaluation;

/// <summary>How often, and by how much, the chosen completion has the higher score.</summary>
public sealed class MarginMetrics
{
    private MarginMetrics(double[] margins, double confidence, int resamples, int seed)
    {
        Margin = Distribution.Of(margins);
        Correct = margins.Count(margin => margin > 0);
        Ties = margins.Count(margin => margin == 0);
        Interval = Bootstrap.MeanInterval([.. margins.Select(margin => margin > 0 ? 1.0 : 0)], confidence, resamples, seed);
    }

    /// <summary>Score of the chosen minus score of the rejected completion.</summary>
    public Distribution Margin { get; }

    /// <summary>The number of pairs.</summary>
    public int PairCount => Margin.Count;

    /// <summary>The number of pairs whose margin is above 0.</summary>
    public int Correct { get; }

    /// <summary>The number of pairs whose margin is exactly 0: they count as wrong.</summary>
    public int Ties { get; }

    /// <summary>The share of pairs whose margin is above 0, in [0, 1].</summary>
    public double Accuracy => (double)Correct / PairCount;

    /// <summary>The standard error of <see cref="Accuracy"/>: √(accuracy (1 − accuracy) / pairs).</summary>
    public double StandardError => Math.Sqrt(Accuracy * (1 - Accuracy) / PairCount);

    /// <summary>The bootstrap interval of <see cref="Accuracy"/>, over pairs.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>Counts margins.</summary>
    /// <param name="margins">Score of the chosen minus score of the rejected completion of each pair; at least one, none of them NaN.</param>
    /// <param name="confidence">The confidence of <see cref="Interval"/>, in (0, 1).</param>
    /// <param name="resamples">The samples that it is made of, at least 1.</param>
    /// <param name="seed">Decides what is drawn for them.</param>
    /// <exception cref="ArgumentException">There are no margins, one is NaN, or a parameter is outside its range.</exception>
    public static MarginMetrics Of(
        IEnumerable<double> margins, double confidence = Bootstrap.DefaultConfidence, int resamples = Bootstrap.DefaultResamples, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(margins);
        return new MarginMetrics([.. margins], confidence, resamples, seed);
    }
}
