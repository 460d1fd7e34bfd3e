namespace MLNetExt.Evaluation;

/// <summary>By how much the preference accuracy of a model is above that of another on the same pairs.</summary>
/// <remarks>What is resampled are rows with both models' results: what makes a row easy or hard for both says nothing of the difference, and does not widen the interval.</remarks>
public sealed class PreferenceGain
{
    private PreferenceGain(double[] differences, double confidence, int resamples, int seed)
    {
        var distribution = Distribution.Of(differences);
        (Value, StandardError, PairCount) = (distribution.Mean, distribution.StandardError, distribution.Count);
        Interval = Bootstrap.MeanInterval(differences, confidence, resamples, seed);
        Improved = differences.Count(difference => difference > 0);
        Worsened = differences.Count(difference => difference < 0);
    }

    /// <summary>The difference of the accuracies over the pairs that both have, in [−1, 1].</summary>
    public double Value { get; }

    /// <summary>The standard error of <see cref="Value"/>, over pairs; NaN for a single one.</summary>
    public double StandardError { get; }

    /// <summary>The bootstrap interval of <see cref="Value"/>, over pairs.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>The number of pairs that both have.</summary>
    public int PairCount { get; }

    /// <summary>How many of them are right, and were wrong before.</summary>
    public int Improved { get; }

    /// <summary>How many of them are wrong, and were right before.</summary>
    public int Worsened { get; }

    /// <summary>Joins pairs by their rows.</summary>
    /// <returns>Null when they cannot be joined: no row is in both, or one names a row twice.</returns>
    internal static PreferenceGain? Of(
        IReadOnlyList<PreferencePair> before, IReadOnlyList<PreferencePair> after, double confidence, int resamples, int seed)
    {
        if (HasRowTwice(before) || HasRowTwice(after))
            return null;
        double[] differences =
        [
            .. after.Join(before, pair => pair.Row, pair => pair.Row, (now, then) => (now.Margin > 0 ? 1.0 : 0) - (then.Margin > 0 ? 1.0 : 0)),
        ];
        return differences.Length == 0 ? null : new PreferenceGain(differences, confidence, resamples, seed);
    }

    private static bool HasRowTwice(IReadOnlyList<PreferencePair> pairs) => pairs.DistinctBy(pair => pair.Row).Count() < pairs.Count;
}
