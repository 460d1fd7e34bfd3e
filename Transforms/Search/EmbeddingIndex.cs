using System.Numerics;
using System.Runtime.InteropServices;
using MLNetExt.Columns;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MLNetExt.Search;

/// <summary>Embeddings with ids, and the exact search among them. Thread-safe; owns its memory.</summary>
/// <remarks>
/// A matrix product scores a block of queries against a chunk of the index; what its rounding could have kept out of the best is scored
/// again in double precision. So the result is that of the definition, whatever the sizes of blocks and chunks: equal rows have equal scores.
/// </remarks>
internal sealed class EmbeddingIndex : IDisposable
{
    /// <summary>Scores in memory at once: 16 MiB.</summary>
    private const int ChunkScores = 1 << 22;

    /// <summary>Values of the index that one span shows; a span cannot show more than 2 GiB.</summary>
    private const int ChunkValues = 1 << 26;

    private readonly Tensor _rows;
    private readonly int _maxChunkRows;
    private readonly double _largestNorm;

    /// <summary>Makes an index.</summary>
    /// <param name="rows">Float32 <c>[count, dimension]</c> on the CPU, contiguous and finite; of unit length (or 0) for cosines. The index owns it from here on.</param>
    /// <param name="ids">The rows' ids.</param>
    /// <param name="similarity">What rows are ranked by.</param>
    /// <param name="maxChunkRows">Rows to score at once at most; less where memory asks for it.</param>
    /// <exception cref="InvalidDataException">A value is NaN or infinite.</exception>
    public EmbeddingIndex(Tensor rows, string[] ids, SimilarityKind similarity, int maxChunkRows = int.MaxValue)
    {
        _rows = rows.DetachFromDisposeScope();
        Ids = ids;
        Similarity = similarity;
        Dimension = (int)rows.shape[1];
        _maxChunkRows = Math.Min(maxChunkRows, Math.Max(1, ChunkValues / Dimension));
        try
        {
            _largestNorm = LargestNorm();
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
    }

    /// <summary>The rows' ids.</summary>
    public string[] Ids { get; }

    public SimilarityKind Similarity { get; }

    /// <summary>Values of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>The embeddings: float32 <c>[count, dimension]</c>.</summary>
    public Tensor Rows => _rows;

    /// <summary>Finds the best rows for each query.</summary>
    /// <param name="queries">Query after query; of any length.</param>
    /// <param name="neighbors">How many rows to find, from 1 to the number of rows.</param>
    /// <returns>For each query its best rows; null for one that holds NaN or infinity.</returns>
    public BestNeighbors?[] Search(ReadOnlySpan<float> queries, int neighbors)
    {
        int count = queries.Length / Dimension;
        float[] prepared = queries.ToArray();
        var best = new BestNeighbors?[count];
        var slacks = new double[count];
        for (int i = 0; i < count; i++)
        {
            Span<float> query = prepared.AsSpan(i * Dimension, Dimension);
            if (!TensorPrimitives.IsFiniteAll<float>(query))
            {
                query.Clear();
                continue;
            }
            if (Similarity == SimilarityKind.Cosine)
                UnitVectors.Normalize(query, query);
            best[i] = new BestNeighbors(neighbors);
            slacks[i] = Slack(query);
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor block = tensor(prepared, count, Dimension);
        int chunkRows = Math.Clamp(ChunkScores / count, 1, _maxChunkRows);
        for (int start = 0; start < Ids.Length; start += chunkRows)
        {
            using var chunkScope = NewDisposeScope();
            // One query reads the index once; a matrix product would first copy it into another order.
            Tensor chunk = Chunk(start, chunkRows), scores = count == 1 ? chunk.mv(block.squeeze(0)) : block.matmul(chunk.t());
            ReadOnlySpan<float> rows = Values(chunk), all = Values(scores);
            int width = rows.Length / Dimension;
            for (int i = 0; i < count; i++)
            {
                if (best[i] is { } found)
                    Merge(found, prepared.AsSpan(i * Dimension, Dimension), rows, all.Slice(i * width, width), start, slacks[i]);
            }
        }
        return best;
    }

    /// <summary>Releases the embeddings.</summary>
    public void Dispose() => _rows.Dispose();

    private void Merge(BestNeighbors best, ReadOnlySpan<float> query, ReadOnlySpan<float> rows, ReadOnlySpan<float> scores, int firstRow, double slack)
    {
        int step = Vector<float>.Count;
        float limit = Limit();
        for (int at = 0; at < scores.Length; at += step)
        {
            // "Not below" rather than "at least": NaN, which overflow brings about, is scored again as well.
            if (at + step <= scores.Length && Vector.LessThanAll(new Vector<float>(scores[at..]), new Vector<float>(limit)))
                continue;
            for (int row = at; row < Math.Min(at + step, scores.Length); row++)
            {
                if (scores[row] < limit)
                    continue;
                best.Offer(firstRow + row, Score(query, rows.Slice(row * Dimension, Dimension)));
                limit = Limit();
            }
        }

        float Limit() => MathF.BitDecrement((float)(best.Threshold - slack));
    }

    /// <summary>Unit length is rounded, so that the cosine of a vector with itself can come out a little above 1.</summary>
    private float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> row)
    {
        double dot = Dot(query, row);
        return (float)(Similarity == SimilarityKind.Cosine ? Math.Clamp(dot, -1, 1) : dot);
    }

    /// <summary>How far single precision can be from the true dot product: twice the bound d · 2⁻²⁴ · |x| · |y| of a sum in any order
    /// (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1), and the score's own rounding.</summary>
    private double Slack(ReadOnlySpan<float> query) =>
        (Dimension + 8) * Math.ScaleB(1, -23) * Math.Sqrt(Dot(query, query)) * _largestNorm;

    private double LargestNorm()
    {
        double largest = 0;
        for (int start = 0; start < Ids.Length; start += _maxChunkRows)
        {
            using var scope = NewDisposeScope();
            ReadOnlySpan<float> rows = Values(Chunk(start, _maxChunkRows));
            if (!TensorPrimitives.IsFiniteAll(rows))
                throw new InvalidDataException("An embedding of the index holds NaN or infinity.");
            for (int at = 0; at < rows.Length; at += Dimension)
                largest = Math.Max(largest, Dot(rows.Slice(at, Dimension), rows.Slice(at, Dimension)));
        }
        return Math.Sqrt(largest);
    }

    private Tensor Chunk(int start, int rows) => _rows.narrow(0, start, Math.Min(rows, Ids.Length - start));

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>A dot product in double precision, in an order that the length alone decides.</summary>
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int step = Vector<float>.Count, at = 0;
        Vector<double> low = default, high = default;
        for (; at + step <= a.Length; at += step)
        {
            Vector.Widen(new Vector<float>(a[at..]), out Vector<double> aLow, out Vector<double> aHigh);
            Vector.Widen(new Vector<float>(b[at..]), out Vector<double> bLow, out Vector<double> bHigh);
            low += aLow * bLow;
            high += aHigh * bHigh;
        }
        double sum = Vector.Sum(low + high);
        for (; at < a.Length; at++)
            sum += (double)a[at] * b[at];
        return sum;
    }
}
