using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>One side of a two-tower network: from a batch's column to raw embeddings.</summary>
internal abstract class Tower(string name) : nn.Module(name)
{
    /// <summary>Float32 <c>[rows, embedding size]</c>, not normalised.</summary>
    public abstract Tensor Forward(TensorBatch batch, string column);
}
