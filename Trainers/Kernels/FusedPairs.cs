using System.Buffers;
using System.Numerics;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>The sigmoid loss of rows of pairs on the CPU: losses and gradient in one pass over the cosines while they are in cache.</summary>
/// <param name="scale">t.</param>
/// <param name="bias">b.</param>
/// <param name="pairs">Which pairs are positive and which count.</param>
/// <param name="kept">The negatives that count, as ascending row · m + column; null for all.</param>
internal sealed class FusedPairs(double scale, double bias, PairTable pairs, long[]? kept) : IPairPass
{
    private readonly PairRows _rows = pairs.Rows;

    public PairSums Run(Tensor cosines, long start)
        => cosines.dtype == ScalarType.Float32 ? Run<float>(cosines, (int)start) : Run<double>(cosines, (int)start);

    private unsafe PairSums Run<T>(Tensor cosines, int first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = pairs.ColumnCount;
        var values = TensorMemory.Address<T>(cosines);
        var sums = RowBlocks.Sum(checked((int)cosines.shape[0]), columns, Block);
        GC.KeepAlive(cosines);
        return sums;

        PairSums Block(int start, int end)
        {
            int[] rentedColumns = ArrayPool<int>.Shared.Rent(columns);
            var rentedGradients = ArrayPool<T>.Shared.Rent(columns);
            PairSums total = default;
            for (int i = start; i < end; i++)
                total += Row(first + i, new Span<T>(values + (long)i * columns, columns), rentedColumns, rentedGradients);
            ArrayPool<int>.Shared.Return(rentedColumns);
            ArrayPool<T>.Shared.Return(rentedGradients);
            return total;
        }
    }

    /// <summary>Pairs that need a look of their own (positives, kept negatives) are computed one by one; all others together.</summary>
    private PairSums Row<T>(int row, Span<T> cosines, int[] columns, T[] gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int positives = _rows.Positives(row, columns);
        int singles = positives + KeptNegatives(row, columns.AsSpan(positives));
        PairSums sums = default;
        for (int k = 0; k < singles; k++)
        {
            double cosine = double.CreateTruncating(cosines[columns[k]]);
            double sign = k < positives ? -1 : 1;
            var (loss, derivative) = Softplus.Evaluate(sign * (scale * cosine + bias));
            gradients[k] = T.CreateTruncating(sign * derivative);
            sums += new PairSums(loss, sign * derivative, sign * derivative * cosine);
        }

        if (kept is null)
        {
            for (int k = 0; k < singles; k++)
                cosines[columns[k]] = T.NegativeInfinity;
            Exclude(_rows.Counts(row), cosines);
            sums += NegativePairs.Run(cosines, Positive<T>(scale), T.CreateTruncating(bias));
        }
        else
            cosines.Clear();

        for (int k = 0; k < singles; k++)
            cosines[columns[k]] = gradients[k];
        return sums;
    }

    private int KeptNegatives(int row, Span<int> columns)
    {
        if (kept is null)
            return 0;
        long offset = (long)row * pairs.ColumnCount;
        int found = 0, start = Array.BinarySearch(kept, offset);
        for (int k = start < 0 ? ~start : start; k < kept.Length && kept[k] < offset + pairs.ColumnCount; k++)
            columns[found++] = (int)(kept[k] - offset);
        return found;
    }

    private static void Exclude<T>(ReadOnlySpan<bool> counts, Span<T> cosines)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int column = 0; column < counts.Length; column++)
        {
            if (!counts[column])
                cosines[column] = T.NegativeInfinity;
        }
    }

    /// <summary>The scale in a row's precision, where it must not round to 0: 0 times minus infinity would be NaN.</summary>
    private static T Positive<T>(double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.CreateTruncating(Math.Max(scale, 1e-30));
}
