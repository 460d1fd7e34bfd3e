namespace MLNetExt.Evaluation;

/// <summary>How alike two orders of the same things are.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's ρ: the correlation of the ranks; equal values share the mean of their ranks.</summary>
    /// <param name="first">A finite value of each thing.</param>
    /// <param name="second">Another, in the same order.</param>
    /// <returns>In [−1, 1]: 1 for the same order, −1 for the opposite one; NaN when there are fewer than two things, or when all values of a side are equal.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not finite.</exception>
    public static double Spearman(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"There are {first.Length} values and {second.Length}: each thing needs one of either.", nameof(second));
        double[] left = Ranks(first, nameof(first)), right = Ranks(second, nameof(second));
        double mean = (first.Length + 1) / 2.0, product = 0, leftSquares = 0, rightSquares = 0;
        for (int i = 0; i < left.Length; i++)
        {
            double l = left[i] - mean, r = right[i] - mean;
            product += l * r;
            leftSquares += l * l;
            rightSquares += r * r;
        }

        return leftSquares == 0 || rightSquares == 0 ? double.NaN : product / Math.Sqrt(leftSquares * rightSquares);
    }

    private static double[] Ranks(ReadOnlySpan<double> values, string name)
    {
        double[] sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (int i = 0; i < order.Length; i++)
        {
            if (!double.IsFinite(sorted[i]))
                throw new ArgumentException($"Value {i} is {sorted[i]}; ranks are of finite values.", name);
            order[i] = i;
        }

        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            for (int i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2.0;
        }

        return ranks;
    }
}
