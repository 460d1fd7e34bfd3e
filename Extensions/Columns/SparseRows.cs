using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>The rows of a sparse vector column as one compressed-row block, in the form that
/// <c>torch.nn.EmbeddingBag</c> takes.</summary>
/// <param name="Offsets">Int64 <c>[rows]</c>: where each row's entries begin in <paramref name="Indices"/>.</param>
/// <param name="Indices">Int64 <c>[entries]</c>: slot numbers, ascending within a row, in <c>[0, Width)</c>.</param>
/// <param name="Values">Float32 <c>[entries]</c>: the value in each slot; slots not listed are zero.</param>
/// <param name="Width">The length of the vector column.</param>
public sealed record SparseRows(Tensor Offsets, Tensor Indices, Tensor Values, int Width)
{
    /// <summary>The row that each entry belongs to: int64 <c>[entries]</c>, on the device of the entries.</summary>
    public Tensor EntryRows()
    {
        using var scope = NewDisposeScope();
        long rows = Offsets.shape[0];
        Tensor ends = cat([Offsets.slice(0, 1, rows, 1), full([1], Indices.shape[0], dtype: ScalarType.Int64, device: Offsets.device)]);
        return arange(rows, dtype: ScalarType.Int64, device: Offsets.device).repeat_interleave(ends - Offsets).MoveToOuterDisposeScope();
    }

    /// <summary>Consecutive rows; indices and values share this block's memory.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows, at least 1.</param>
    public SparseRows Slice(long start, long count)
    {
        long rows = Offsets.shape[0];
        long first = Offsets[start].item<long>();
        long end = start + count < rows ? Offsets[start + count].item<long>() : Indices.shape[0];
        return new SparseRows(Offsets.narrow(0, start, count) - first, Indices.narrow(0, first, end - first), Values.narrow(0, first, end - first), Width);
    }

    /// <summary>The rows with every slot filled: float32 <c>[rows, Width]</c>.</summary>
    public Tensor ToDense()
    {
        using Tensor rows = EntryRows();
        return zeros(Offsets.shape[0], Width, device: Values.device).index_put_(Values, rows, Indices);
    }
}
