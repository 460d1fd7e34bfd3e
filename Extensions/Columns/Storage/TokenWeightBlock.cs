using static TorchSharp.torch;

namespace MLNetExt.Columns;

internal sealed class TokenWeightBlock(TokenWeightCell cell, int capacity) : SequenceBlock<float, float>(cell, capacity)
{
    protected override void Add(BatchParts parts, string column, Tensor padded, Tensor lengths) => parts.Tensors[column] = padded;
}
