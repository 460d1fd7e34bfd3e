using System.Numerics;
using System.Runtime.InteropServices;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Finds the negative pairs of highest or lowest loss in a batch, in memory for one chunk and the pairs found.</summary>
/// <remarks>The loss of a negative pair grows with its cosine, so the cosines decide. Ties go to the lower row, then column.</remarks>
internal sealed class HardestPairs
{
    private readonly int _count;
    private readonly int _columns;
    private readonly double _sign;
    private readonly List<(double Key, long Pair)> _candidates = [];
    private double _limit = double.PositiveInfinity;

    private HardestPairs(int count, int columns, bool hardest) => (_count, _columns, _sign) = (count, columns, hardest ? -1 : 1);

    /// <summary>Returns the pairs as ascending row · m + column.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="pairs">Which of its pairs are negatives that count.</param>
    /// <param name="chunkRows">Rows of a chunk.</param>
    /// <param name="count">How many to find.</param>
    /// <param name="hardest">True for the highest loss, false for the lowest.</param>
    public static long[] Find(ContrastiveBatch batch, PairTable pairs, int chunkRows, int count, bool hardest)
    {
        if (count == 0)
            return [];
        var found = new HardestPairs(count, batch.ColumnCount, hardest);
        PairChunks.ForEach(batch, chunkRows, (cosines, start) =>
        {
            var positives = pairs.Positives(start, cosines.shape[0], cosines.device);
            cosines.FillWhereInPlace(pairs.Counted(start, cosines.shape[0]) is { } counted ? positives | ~counted : positives, double.NaN);
            using var host = cosines.cpu();
            if (host.dtype == ScalarType.Float32)
                found.Scan<float>(host, start);
            else
                found.Scan<double>(host, start);
        });
        found.Prune();
        return [.. found._candidates.Select(candidate => candidate.Pair).Order()];
    }

    /// <summary>Takes in every cosine that is better than the worst of the best so far; NaN never is.</summary>
    private unsafe void Scan<T>(Tensor cosines, long start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = TensorMemory.Address<T>(cosines);
        for (long i = 0, pair = start * _columns; i < cosines.numel(); i++, pair++)
        {
            double key = _sign * double.CreateTruncating(values[i]);
            if (!(key < _limit))
                continue;
            _candidates.Add((key, pair));
            if (_candidates.Count >= 2L * _count)
                Prune();
        }

        GC.KeepAlive(cosines);
    }

    private void Prune()
    {
        CollectionsMarshal.AsSpan(_candidates).Sort();
        if (_candidates.Count < _count)
            return;
        CollectionsMarshal.SetCount(_candidates, _count);
        _limit = _candidates[^1].Key;
    }
}
