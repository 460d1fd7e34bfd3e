using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Walks through all pairs of a batch in chunks of rows: memory for the pairs of one chunk, however large the batch.</summary>
internal static class PairChunks
{
    /// <summary>Calls <paramref name="chunk"/> with the cosines <c>[count, m]</c> of each chunk and its first row. It may
    /// overwrite them: the next chunk uses the same memory.</summary>
    public static void ForEach(ContrastiveBatch batch, int chunkRows, Action<Tensor, long> chunk)
        => ProductBlocks.ForEach(batch.Left, batch.Right, chunkRows, chunk);

    /// <summary>The loss of all pairs, in the autograd graph with every gradient already computed.</summary>
    public static Tensor Evaluate(ContrastiveBatch batch, int chunkRows, IPairPass pass)
    {
        PairSums sums = default;
        void Chunk(Tensor cosines, long start) => sums += pass.Run(cosines, start);
        if (!batch.IsDifferentiable)
        {
            ForEach(batch, chunkRows, Chunk);
            return Loss(batch, sums);
        }

        double scale = batch.Scale;
        var (left, right) = ProductBlocks.Gradients(batch.Left, batch.Right, chunkRows, Chunk);
        left?.mul_(scale);
        right?.mul_(scale);
        return PrecomputedLoss.Attach(
            Loss(batch, sums),
            (batch.Left, left),
            (batch.Right, right),
            (batch.LogScale, full_like(batch.LogScale, scale * sums.CosineGradient, requires_grad: false)),
            (batch.Bias, full_like(batch.Bias, sums.Gradient, requires_grad: false)));
    }

    private static Tensor Loss(ContrastiveBatch batch, PairSums sums) => tensor(sums.Loss, dtype: batch.Left.dtype, device: batch.Left.device);
}
