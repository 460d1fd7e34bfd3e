using MLNetExt.Columns;
using MLNetExt.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MLNetExt.Evaluation;

/// <summary>Retrieval by paired embeddings, as pure functions of arrays: exact, both directions, ranked by cosine similarity.</summary>
/// <remarks>
/// The rank of a match is 1 + the number of candidates that do not match and whose score is at least the match's, and a query counts
/// with its best match: equal scores count against the query, so that embeddings that are all the same earn nothing. Scores closer
/// than <see cref="TieTolerance"/> are equal: single precision does not tell them apart.
/// </remarks>
public static class Retrieval
{
    /// <summary>Cosines that differ by no more than this are taken for equal: several times the rounding of a dot product of unit
    /// vectors in single precision.</summary>
    public const float TieTolerance = 1e-6f;

    /// <summary>The k of recall@k when none is given: 1, 5 and 10.</summary>
    public static IReadOnlyList<int> DefaultCutoffs { get; } = [1, 5, 10];

    /// <summary>Evaluates n pairs of embeddings.</summary>
    /// <remarks>Time grows with n² · dimension, memory with n · dimension: the scores are computed in blocks of rows, by libtorch.</remarks>
    /// <param name="left">n x dimension values, row by row, of any length: they are normalised here. A zero vector has cosine 0 with all.
    /// A pair in which a value is NaN or infinite is left out and counted.</param>
    /// <param name="right">n x dimension values; row i is the match of row i of <paramref name="left"/>.</param>
    /// <param name="dimension">Values of an embedding, at least 1.</param>
    /// <param name="groups">n group numbers: all rows of a group match each other; a negative number is a group of its own. Empty when
    /// row i matches row i alone.</param>
    /// <param name="at">The k of recall@k, each at least 1; empty for <see cref="DefaultCutoffs"/>.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit, or a k below 1.</exception>
    /// <exception cref="InvalidOperationException">No pair is left.</exception>
    /// <exception cref="DllNotFoundException">The application references no libtorch; the message names the package.</exception>
    public static RetrievalMetrics Evaluate(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, int dimension, ReadOnlySpan<int> groups = default, params ReadOnlySpan<int> at) =>
        Evaluate(left, right, dimension, groups, at, "the embeddings", blockRows: null, beforeBlock: null);

    /// <param name="left">As in the public one, like <paramref name="right"/>, <paramref name="dimension"/>, <paramref name="groups"/> and <paramref name="at"/>.</param>
    /// <param name="right">As in the public one.</param>
    /// <param name="dimension">As in the public one.</param>
    /// <param name="groups">As in the public one.</param>
    /// <param name="at">As in the public one.</param>
    /// <param name="source">Where the embeddings are from, for messages.</param>
    /// <param name="blockRows">Queries whose scores are in memory at once; null for the default.</param>
    /// <param name="beforeBlock">Called before each block of scores; it may throw to end the evaluation.</param>
    internal static RetrievalMetrics Evaluate(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, int dimension, ReadOnlySpan<int> groups, ReadOnlySpan<int> at, string source, int? blockRows, Action? beforeBlock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        CheckCutoffs(at);
        int rows = left.Length / dimension;
        if (left.Length != right.Length || left.Length % dimension != 0)
            throw new ArgumentException(
                $"{left.Length} left and {right.Length} right values are not the same whole number of embeddings of dimension {dimension}.", nameof(right));
        if (!groups.IsEmpty && groups.Length != rows)
            throw new ArgumentException($"{rows} pairs need as many group numbers, not {groups.Length}.", nameof(groups));

        int[] kept = FinitePairs(left, right, dimension);
        if (kept.Length == 0)
            throw new InvalidOperationException(rows == 0
                ? $"Retrieval needs at least one pair; there are no rows in {source}."
                : $"Retrieval needs at least one pair of finite embeddings; all {rows} rows of {source} hold NaN or infinity.");
        LibTorch.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor leftRows = UnitRows(left, kept, dimension), rightRows = UnitRows(right, kept, dimension);
        int[][] matches = Matches(groups, kept);
        int block = blockRows ?? MatchRanks.DefaultBlockRows(kept.Length);
        int[] cutoffs = [.. at.IsEmpty ? DefaultCutoffs : at.ToArray().Distinct()];
        return new RetrievalMetrics(
            new RetrievalDirection(MatchRanks.Of(leftRows, rightRows, matches, block, beforeBlock), cutoffs),
            new RetrievalDirection(MatchRanks.Of(rightRows, leftRows, matches, block, beforeBlock), cutoffs),
            rows - kept.Length);
    }

    internal static void CheckCutoffs(ReadOnlySpan<int> at)
    {
        foreach (int k in at)
        {
            if (k < 1)
                throw new ArgumentOutOfRangeException(nameof(at), k, "Recall@k needs a k of at least 1: the best rank is 1.");
        }
    }

    private static int[] FinitePairs(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int dimension)
    {
        var kept = new List<int>(left.Length / dimension);
        for (int row = 0; row < left.Length / dimension; row++)
        {
            if (TensorPrimitives.IsFiniteAll(left.Slice(row * dimension, dimension)) && TensorPrimitives.IsFiniteAll(right.Slice(row * dimension, dimension)))
                kept.Add(row);
        }
        return [.. kept];
    }

    private static Tensor UnitRows(ReadOnlySpan<float> values, int[] rows, int dimension)
    {
        var unit = new float[rows.Length * dimension];
        for (int i = 0; i < rows.Length; i++)
            UnitVectors.Normalize(values.Slice(rows[i] * dimension, dimension), unit.AsSpan(i * dimension, dimension));
        return tensor(unit, rows.Length, dimension);
    }

    /// <summary>For each kept row the kept rows that match it, counted among the kept ones.</summary>
    private static int[][] Matches(ReadOnlySpan<int> groups, int[] kept)
    {
        var matches = new int[kept.Length][];
        var members = new Dictionary<int, List<int>>();
        for (int i = 0; i < kept.Length; i++)
        {
            if (groups.IsEmpty || groups[kept[i]] < 0)
            {
                matches[i] = [i];
                continue;
            }
            if (!members.TryGetValue(groups[kept[i]], out List<int>? group))
                members.Add(groups[kept[i]], group = []);
            group.Add(i);
        }
        foreach (List<int> group in members.Values)
        {
            int[] shared = [.. group];
            foreach (int i in shared)
                matches[i] = shared;
        }
        return matches;
    }
}
