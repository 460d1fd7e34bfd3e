using TorchSharp;

namespace MLNetExt.Kernels;

/// <summary>Spreads the rows of a matrix over as many threads as torch uses, in blocks of consecutive rows.</summary>
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
    public static double Sum(int rows, int columns, Func<int, int, double> block)
    {
        if ((long)rows * columns <= SerialElements)
            return block(0, rows);

        int blockRows = Math.Max(1, BlockElements / columns);
        var sums = new double[(rows + blockRows - 1) / blockRows];
        void Run(int i) => sums[i] = block(i * blockRows, Math.Min(rows, (i + 1) * blockRows));

        int threads = torch.get_num_threads();
        if (threads == 1)
        {
            for (int i = 0; i < sums.Length; i++)
                Run(i);
        }
        else
            Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, Run);

        return sums.Sum();
    }
}
