using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Walks through all pairs of a batch in chunks of rows: memory for the pairs of one chunk, however large the batch.</summary>
internal static class PairChunks
{
    /// <summary>Calls <paramref name="chunk"/> with the cosines <c>[count, m]</c> of each chunk and its first row. It may
    /// overwrite them: the next chunk uses the same memory.</summary>
    public static void ForEach(ContrastiveBatch batch, int chunkRows, Action<Tensor, long> chunk)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        int rows = Math.Min(chunkRows, batch.RowCount);
        var buffer = empty(rows, batch.ColumnCount, dtype: batch.Left.dtype, device: batch.Left.device);
        var right = batch.Right.t();
        for (long start = 0; start < batch.RowCount; start += rows)
        {
            using var inner = NewDisposeScope();
            long count = Math.Min(rows, batch.RowCount - start);
            var cosines = buffer.narrow(0, 0, count);
            cosines.addmm_(batch.Left.narrow(0, start, count), right, beta: 0, alpha: 1);
            chunk(cosines, start);
        }
    }

    /// <summary>The loss of all pairs, in the autograd graph with every gradient already computed.</summary>
    public static Tensor Evaluate(ContrastiveBatch batch, int chunkRows, IPairPass pass)
    {
        bool differentiable = batch.IsDifferentiable;
        var leftGradient = differentiable && batch.Left.requires_grad ? empty_like(batch.Left, requires_grad: false) : null;
        var rightGradient = differentiable && batch.Right.requires_grad ? zeros_like(batch.Right, requires_grad: false) : null;
        PairSums sums = default;
        ForEach(batch, chunkRows, (cosines, start) =>
        {
            sums += pass.Run(cosines, start);
            long count = cosines.shape[0];
            leftGradient?.narrow(0, start, count).addmm_(cosines, batch.Right, beta: 0, alpha: 1);
            rightGradient?.addmm_(cosines.t(), batch.Left.narrow(0, start, count), beta: 1, alpha: 1);
        });

        var loss = tensor(sums.Loss, dtype: batch.Left.dtype, device: batch.Left.device);
        if (!differentiable)
            return loss;
        double scale = batch.Scale;
        leftGradient?.mul_(scale);
        rightGradient?.mul_(scale);
        return PairLoss.Attach(batch, loss, new(
            leftGradient,
            rightGradient,
            full_like(batch.LogScale, scale * sums.CosineGradient, requires_grad: false),
            full_like(batch.Bias, sums.Gradient, requires_grad: false)));
    }
}
