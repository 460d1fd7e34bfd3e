using MLNetExt.Kernels;
using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>Which pairs of a batch are positive (z = +1, all others −1), and which pairs count.</summary>
/// <remarks>
/// <para>Two rows with the same caption are false negatives of each other when only row i with row i is positive:
/// <see cref="OfGroups"/> makes them positives, a mask leaves them out.</para>
/// <para>A pair that the mask leaves out adds 0 to the loss; the weight stays n.</para>
/// <para>The tensors stay the caller's, and must be on the device of the embeddings.</para>
/// </remarks>
public sealed class PairLabels
{
    private readonly (Tensor Left, Tensor Right)? _ids;
    private readonly Tensor? _isPositive;

    private PairLabels((Tensor Left, Tensor Right)? ids, Tensor? isPositive, Tensor? mask)
    {
        (_ids, _isPositive, Mask) = (ids, isPositive, mask);
        if (mask is not null && (mask.dtype != ScalarType.Bool || mask.dim() != 2))
            throw new ArgumentException($"The mask is {mask.dtype} {ContrastiveBatch.Shape(mask)}; it must be bool [n, m].", nameof(mask));
    }

    /// <summary>Bool <c>[n, m]</c>: true for pairs that count; null when all do.</summary>
    public Tensor? Mask { get; }

    /// <summary>Row i of the left side with row i of the right side.</summary>
    /// <param name="mask">Bool <c>[n, n]</c>: true for pairs that count; null when all do.</param>
    /// <exception cref="ArgumentException">The shape or element type is wrong.</exception>
    public static PairLabels Diagonal(Tensor? mask = null) => new(null, null, mask);

    /// <summary>Rows with equal ids: repeated captions, several images of one thing. Takes memory for n + m ids.</summary>
    /// <param name="leftIds">Int64 <c>[n]</c>.</param>
    /// <param name="rightIds">Int64 <c>[m]</c>.</param>
    /// <param name="mask">Bool <c>[n, m]</c>: true for pairs that count; null when all do.</param>
    /// <exception cref="ArgumentException">A shape or element type is wrong.</exception>
    public static PairLabels OfGroups(Tensor leftIds, Tensor rightIds, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(leftIds);
        ArgumentNullException.ThrowIfNull(rightIds);
        if (leftIds.dtype != ScalarType.Int64 || leftIds.dim() != 1 || rightIds.dtype != ScalarType.Int64 || rightIds.dim() != 1)
        {
            throw new ArgumentException(
                $"The ids are {leftIds.dtype} {ContrastiveBatch.Shape(leftIds)} and {rightIds.dtype} {ContrastiveBatch.Shape(rightIds)}; they must be int64 [n] and int64 [m].",
                nameof(leftIds));
        }

        return new((leftIds, rightIds), null, mask);
    }

    /// <summary>The pairs of a matrix.</summary>
    /// <param name="isPositive">Bool <c>[n, m]</c>.</param>
    /// <param name="mask">Bool <c>[n, m]</c>: true for pairs that count; null when all do.</param>
    /// <exception cref="ArgumentException">A shape or element type is wrong.</exception>
    public static PairLabels OfMatrix(Tensor isPositive, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(isPositive);
        if (isPositive.dtype != ScalarType.Bool || isPositive.dim() != 2)
            throw new ArgumentException($"The label matrix is {isPositive.dtype} {ContrastiveBatch.Shape(isPositive)}; it must be bool [n, m].", nameof(isPositive));
        return new(null, isPositive, mask);
    }

    /// <summary>These labels, checked against a batch; null stands for <see cref="Diagonal"/>.</summary>
    internal static PairTable Table(PairLabels? pairs, ContrastiveBatch batch)
    {
        string embeddings = $"left is {ContrastiveBatch.Shape(batch.Left)}, right is {ContrastiveBatch.Shape(batch.Right)}";
        if (pairs?._ids is null && pairs?._isPositive is null && batch.RowCount != batch.ColumnCount)
            throw new ArgumentException($"{embeddings}: which pairs are positive? Unequal numbers of rows need labels: PairLabels.OfGroups or PairLabels.OfMatrix.", nameof(pairs));
        Check(pairs?._ids?.Left, [batch.RowCount], "The left ids", embeddings, batch);
        Check(pairs?._ids?.Right, [batch.ColumnCount], "The right ids", embeddings, batch);
        Check(pairs?._isPositive, [batch.RowCount, batch.ColumnCount], "The label matrix", embeddings, batch);
        Check(pairs?.Mask, [batch.RowCount, batch.ColumnCount], "The mask", embeddings, batch);
        return new(batch.RowCount, batch.ColumnCount, pairs?._ids, pairs?._isPositive, pairs?.Mask);
    }

    private static void Check(Tensor? given, long[] shape, string what, string embeddings, ContrastiveBatch batch)
    {
        if (given is null)
            return;
        if (!given.shape.SequenceEqual(shape))
            throw new ArgumentException($"{what}: the shape is {ContrastiveBatch.Shape(given)}; {embeddings}, so it must be [{string.Join(", ", shape)}].", nameof(given));
        if (given.device_type != batch.Left.device_type || given.device_index != batch.Left.device_index)
            throw new ArgumentException($"{what}: the device is {given.device}, that of the embeddings {batch.Left.device}; move them to one device.", nameof(given));
    }
}
