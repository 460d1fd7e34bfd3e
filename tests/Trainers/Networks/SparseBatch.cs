using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>The same rows twice: as a dense tensor and as a compressed-row block; row 1 is empty.</summary>
internal static class SparseBatch
{
    public static (Tensor Dense, SparseRows Sparse) Create()
    {
        Tensor dense = tensor(new[,] { { 0, 1.5f, 0, 0, -2, 0 }, { 0, 0, 0, 0, 0, 0 }, { 0.25f, 0, 3, 0, 0, -1 } });
        var sparse = new SparseRows(
            Offsets: tensor(new long[] { 0, 2, 2 }), Indices: tensor(new long[] { 1, 4, 0, 2, 5 }), Values: tensor(new[] { 1.5f, -2, 0.25f, 3, -1 }), Width: 6);
        return (dense, sparse);
    }
}
