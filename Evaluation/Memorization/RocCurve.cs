namespace MLNetExt.Evaluation;

/// <summary>The receiver operating characteristic: how well a score tells positives, which should have higher ones, from negatives.</summary>
public sealed class RocCurve
{
    private RocCurve(List<RocPoint> points, double area)
    {
        Points = points;
        AreaUnderCurve = area;
    }

    /// <summary>The curve from (0, 0) to (1, 1), one point for each different score.</summary>
    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>The area under the curve (AUC), in [0, 1]: the probability that a random positive scores higher than a random negative,
    /// equal scores counted half. 0.5 is chance; below it the orientation is reversed.</summary>
    public double AreaUnderCurve { get; }

    /// <summary>The balanced accuracy of the best threshold, in [0.5, 1]: max 1 - (FPR + 1 - TPR) / 2.</summary>
    /// <remarks>The threshold is chosen on the scores that it is measured on, which flatters few scores.</remarks>
    public double BalancedAccuracy => Points.Max(point => (point.TruePositiveRate + 1 - point.FalsePositiveRate) / 2);

    /// <summary>Makes the curve.</summary>
    /// <param name="positives">The scores of the positives, at least one.</param>
    /// <param name="negatives">The scores of the negatives, at least one.</param>
    /// <exception cref="ArgumentException">There are no scores of one kind, or a score is NaN.</exception>
    public static RocCurve Of(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives)
    {
        double[] positiveScores = Descending(positives, nameof(positives));
        double[] negativeScores = Descending(negatives, nameof(negatives));
        var points = new List<RocPoint> { new(0, 0, double.PositiveInfinity) };
        double wins = 0;
        for (int positivesAbove = 0, negativesAbove = 0; positivesAbove < positiveScores.Length || negativesAbove < negativeScores.Length;)
        {
            double threshold = Math.Max(At(positiveScores, positivesAbove), At(negativeScores, negativesAbove));
            int positivesTied = TiedFrom(positiveScores, positivesAbove, threshold);
            int negativesTied = TiedFrom(negativeScores, negativesAbove, threshold);
            wins += negativesTied * (positivesAbove + positivesTied / 2.0);
            positivesAbove += positivesTied;
            negativesAbove += negativesTied;
            points.Add(new RocPoint((double)negativesAbove / negativeScores.Length, (double)positivesAbove / positiveScores.Length, threshold));
        }
        return new RocCurve(points, wins / ((double)positiveScores.Length * negativeScores.Length));
    }

    /// <summary>The largest true positive rate at a false positive rate of no more than the given one. Points are not interpolated.</summary>
    /// <param name="falsePositiveRate">In [0, 1]. With fewer than 1 / rate negatives it is the rate at no false positive at all.</param>
    public double TruePositiveRateAt(double falsePositiveRate)
    {
        if (falsePositiveRate is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(falsePositiveRate), falsePositiveRate, "A false positive rate lies in [0, 1].");
        return Points.Last(point => point.FalsePositiveRate <= falsePositiveRate).TruePositiveRate;
    }

    private static double At(double[] scores, int index) => index < scores.Length ? scores[index] : double.NegativeInfinity;

    private static int TiedFrom(double[] scores, int start, double threshold)
    {
        int end = start;
        while (end < scores.Length && scores[end] == threshold)
            end++;
        return end - start;
    }

    private static double[] Descending(ReadOnlySpan<double> scores, string kind)
    {
        if (scores.IsEmpty)
            throw new ArgumentException($"A curve needs at least one score of the {kind}.", kind);
        double[] sorted = scores.ToArray();
        if (Array.FindIndex(sorted, double.IsNaN) is >= 0 and int at)
            throw new ArgumentException($"Score {at} of the {kind} is NaN.", kind);
        Array.Sort(sorted);
        Array.Reverse(sorted);
        return sorted;
    }
}
