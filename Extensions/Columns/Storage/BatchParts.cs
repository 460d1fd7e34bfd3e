using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>The columns of a batch while it is put together.</summary>
internal sealed class BatchParts
{
    public Dictionary<string, Tensor> Tensors { get; } = [];

    public Dictionary<string, SparseRows> Sparse { get; } = [];

    public Dictionary<string, ArraySegment<string>> Texts { get; } = [];

    public Dictionary<string, TokenRows> Tokens { get; } = [];

    public Dictionary<string, ImageRows> Images { get; } = [];
}
