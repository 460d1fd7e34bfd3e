using static TorchSharp.torch;

namespace MLNetExt.Columns;

internal sealed class TokenBlock(TokenCell cell, int capacity) : SequenceBlock<int, long>(cell, capacity)
{
    protected override void Add(BatchParts parts, string column, Tensor padded, Tensor lengths) => parts.Tokens[column] = new TokenRows(padded, lengths);
}
