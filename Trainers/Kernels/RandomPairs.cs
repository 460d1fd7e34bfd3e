using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Draws negative pairs of a batch, every set of the same size equally likely, in memory for a row and the pairs drawn.</summary>
internal static class RandomPairs
{
    /// <summary>Returns the pairs as ascending row · m + column.</summary>
    /// <param name="pairs">Which pairs are negatives that count.</param>
    /// <param name="count">How many to draw, at most as many as there are.</param>
    /// <param name="generator">A CPU generator; one number is drawn for each pair.</param>
    public static long[] Draw(PairTable pairs, int count, Generator generator)
    {
        var rows = pairs.Rows;
        long negatives = rows.CountedCount - rows.PositiveCount;
        using var drawn = rand(count, dtype: ScalarType.Float64, generator: generator);
        double[] uniform = drawn.data<double>().ToArray();

        // Floyd's sampling: each step adds one number, the new last one if the drawn one is in already.
        var ordinals = new SortedSet<long>();
        for (int k = 0; k < count; k++)
        {
            long last = negatives - count + k;
            if (!ordinals.Add((long)(uniform[k] * (last + 1))))
                ordinals.Add(last);
        }

        return Locate(rows, pairs, [.. ordinals]);
    }

    /// <summary>Where the negatives of these ordinals, counted row by row, are.</summary>
    private static long[] Locate(PairRows rows, PairTable pairs, long[] ordinals)
    {
        var columns = new int[pairs.ColumnCount];
        var isNegative = new bool[pairs.ColumnCount];
        long passed = 0;
        int next = 0;
        for (int row = 0; next < ordinals.Length; row++)
        {
            int positives = rows.Positives(row, columns);
            var counts = rows.Counts(row);
            int negatives = (counts.IsEmpty ? pairs.ColumnCount : counts.Count(true)) - positives;
            if (ordinals[next] < passed + negatives)
            {
                isNegative.AsSpan().Fill(true);
                if (!counts.IsEmpty)
                    counts.CopyTo(isNegative);
                foreach (int column in columns.AsSpan(0, positives))
                    isNegative[column] = false;
                long ordinal = passed;
                for (int column = 0; column < isNegative.Length && next < ordinals.Length; column++)
                {
                    if (isNegative[column] && ordinal++ == ordinals[next])
                        ordinals[next++] = (long)row * pairs.ColumnCount + column;
                }
            }

            passed += negatives;
        }

        return ordinals;
    }
}
