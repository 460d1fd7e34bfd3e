using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>The rows of a sparse vector column as one compressed-row block, in the form that
/// <c>torch.nn.EmbeddingBag</c> takes.</summary>
/// <param name="Offsets">Int64 <c>[rows]</c>: where each row's entries begin in <paramref name="Indices"/>.</param>
/// <param name="Indices">Int64 <c>[entries]</c>: slot numbers, ascending within a row, in <c>[0, Width)</c>.</param>
/// <param name="Values">Float32 <c>[entries]</c>: the value in each slot; slots not listed are zero.</param>
/// <param name="Width">The length of the vector column.</param>
public sealed record SparseRows(Tensor Offsets, Tensor Indices, Tensor Values, int Width);
