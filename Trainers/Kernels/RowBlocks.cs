using System.Numerics;

namespace MLNetExt.Kernels;

/// <summary>Spreads the rows of a matrix over torch's threads, in blocks of consecutive rows.</summary>
internal static class RowBlocks
{
    /// <summary>Below this many elements a second thread costs more than it brings.</summary>
    private const int SerialElements = 32 * 1024;

    private const int BlockElements = 16 * 1024;

    /// <summary>Adds up what <paramref name="block"/> returns for every block of rows.</summary>
    /// <remarks>Blocks depend on the shape alone and are added in order: the sum does not depend on the number of threads.</remarks>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns, which decides the size of a block.</param>
    /// <param name="block">Computes rows [start, end); called from several threads at once.</param>
    public static TSum Sum<TSum>(int rows, int columns, Func<int, int, TSum> block)
        where TSum : struct, IAdditionOperators<TSum, TSum, TSum>
    {
        if ((long)rows * columns <= SerialElements)
            return block(0, rows);

        int blockRows = Math.Max(1, BlockElements / columns);
        var sums = new TSum[(rows + blockRows - 1) / blockRows];
        TorchThreads.For(sums.Length, i => sums[i] = block(i * blockRows, Math.Min(rows, (i + 1) * blockRows)));
        return sums.Aggregate((total, sum) => total + sum);
    }
}
