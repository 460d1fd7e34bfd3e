using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Walks through a matrix product left · rightᵀ in blocks of rows: memory for one block, however many rows.</summary>
internal static class ProductBlocks
{
    /// <summary>Calls <paramref name="block"/> with each block's product <c>[count, m]</c> and its first row. It may
    /// overwrite the product: the next block uses the same memory.</summary>
    /// <param name="left"><c>[n, d]</c>.</param>
    /// <param name="right"><c>[m, d]</c>.</param>
    /// <param name="blockRows">Rows of the left side in a block, at least 1.</param>
    /// <param name="block">Called for one block after another.</param>
    public static void ForEach(Tensor left, Tensor right, int blockRows, Action<Tensor, long> block)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long count = left.shape[0], rows = Math.Min(blockRows, count);
        var buffer = empty(rows, right.shape[0], dtype: left.dtype, device: left.device);
        var columns = right.t();
        for (long start = 0; start < count; start += rows)
        {
            using var inner = NewDisposeScope();
            long size = Math.Min(rows, count - start);
            var product = buffer.narrow(0, 0, size);
            product.addmm_(left.narrow(0, start, size), columns, beta: 0, alpha: 1);
            block(product, start);
        }
    }

    /// <summary>The same, where <paramref name="block"/> leaves the gradient by the product, G, in the product's place.</summary>
    /// <returns>G · right and Gᵀ · left, each null when its side is not differentiated.</returns>
    public static (Tensor? Left, Tensor? Right) Gradients(Tensor left, Tensor right, int blockRows, Action<Tensor, long> block)
    {
        var leftGradient = left.requires_grad ? empty_like(left, requires_grad: false) : null;
        var rightGradient = right.requires_grad ? zeros_like(right, requires_grad: false) : null;
        ForEach(left, right, blockRows, (product, start) =>
        {
            block(product, start);
            long size = product.shape[0];
            leftGradient?.narrow(0, start, size).addmm_(product, right, beta: 0, alpha: 1);
            rightGradient?.addmm_(product.t(), left.narrow(0, start, size), beta: 1, alpha: 1);
        });
        return (leftGradient, rightGradient);
    }
}
