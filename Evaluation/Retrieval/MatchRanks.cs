using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNetExt.Evaluation;

/// <summary>Ranks of matches, from blocks of the matrix of all scores, which is never whole in memory.</summary>
internal static class MatchRanks
{
    /// <summary>Scores in a block by default: 16 MiB, wide enough for a fast matrix product and small enough to be read back from the cache.</summary>
    private const int BlockScores = 1 << 22;

    private const int SliceRows = 16;

    public static int DefaultBlockRows(int candidates) => Math.Max(1, BlockScores / candidates);

    /// <summary>The rank of each query's best match.</summary>
    /// <param name="queries">Unit-length rows: float32 <c>[n, dimension]</c>, contiguous.</param>
    /// <param name="candidates">The same for the other side.</param>
    /// <param name="matches">For each query the candidates that match it, at least one.</param>
    /// <param name="blockRows">Queries whose scores are in memory at once, at least 1.</param>
    /// <param name="beforeBlock">Called before each block; it may throw.</param>
    public static int[] Of(Tensor queries, Tensor candidates, int[][] matches, int blockRows, Action? beforeBlock)
    {
        var ranks = new int[matches.Length];
        for (int start = 0; start < ranks.Length; start += blockRows)
        {
            beforeBlock?.Invoke();
            using var scope = NewDisposeScope();
            int first = start, count = Math.Min(blockRows, ranks.Length - start);
            Tensor block = queries.narrow(0, start, count).matmul(candidates.t());
            Parallel.For(0, (count + SliceRows - 1) / SliceRows, slice =>
            {
                ReadOnlySpan<float> scores = MemoryMarshal.Cast<byte, float>(block.bytes);
                for (int row = slice * SliceRows; row < Math.Min(count, (slice + 1) * SliceRows); row++)
                    ranks[first + row] = Rank(scores.Slice(row * ranks.Length, ranks.Length), matches[first + row]);
            });
        }
        return ranks;
    }

    private static int Rank(ReadOnlySpan<float> scores, ReadOnlySpan<int> matches)
    {
        float best = float.NegativeInfinity;
        foreach (int match in matches)
            best = Math.Max(best, scores[match]);
        float tied = best - Retrieval.TieTolerance;
        int atLeast = CountAtLeast(scores, tied);
        foreach (int match in matches)
        {
            if (scores[match] >= tied)
                atLeast--;
        }
        return 1 + atLeast;
    }

    private static int CountAtLeast(ReadOnlySpan<float> scores, float threshold)
    {
        var limit = new Vector<float>(threshold);
        Vector<int> counts = default;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        foreach (Vector<float> vector in vectors)
            counts -= Vector.GreaterThanOrEqual(vector, limit);
        int count = Vector.Sum(counts);
        foreach (float score in scores[(vectors.Length * Vector<float>.Count)..])
            count += score >= threshold ? 1 : 0;
        return count;
    }
}
