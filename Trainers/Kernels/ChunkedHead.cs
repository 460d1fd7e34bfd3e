using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>The head of a language model, hidden states to a loss: the logits of a block of rows at a time, never those of
/// all rows.</summary>
/// <remarks>Gradients are computed with the loss, while a block's logits are there: three matrix products, where computing
/// the logits again in the backward pass would take four.</remarks>
internal static class ChunkedHead
{
    // Each block adds to all of the head's gradient and has all of the head packed for the product: few rows are slow.
    private const int MinBlockRows = 256;

    // 64 MiB in single precision.
    private const int BlockElements = 16 << 20;

    /// <summary>How many rows of logits a block has unless the caller says.</summary>
    public static int BlockRows(long vocabularySize) => (int)Math.Max(MinBlockRows, BlockElements / vocabularySize);

    /// <summary>The sum of the rows' losses, in the autograd graph when hidden states or head are differentiated.</summary>
    /// <param name="hidden"><c>[n, d]</c>: the wanted rows alone.</param>
    /// <param name="head"><c>[V, d]</c>, of the same element type and on the same device.</param>
    /// <param name="blockRows">Rows in a block, at least 1.</param>
    /// <param name="rows">Computes losses and gradients from logits.</param>
    /// <param name="bias">What is added to the logits, <c>[V]</c>; null for nothing.</param>
    public static Tensor Sum(Tensor hidden, Tensor head, int blockRows, IHeadRows rows, Tensor? bias = null)
    {
        if (!is_grad_enabled() || !(hidden.requires_grad || head.requires_grad || bias is { requires_grad: true }))
            return Scalar(Evaluate(hidden, head, blockRows, rows, bias), hidden);

        double sum = 0;
        var biasGradient = bias is { requires_grad: true } ? zeros_like(bias, requires_grad: false) : null;
        var gradients = ProductBlocks.Gradients(hidden, head, blockRows, (logits, start) =>
        {
            sum += rows.Run(Biased(logits, bias), start, wantsGradient: true);
            biasGradient?.add_(logits.sum(dim: 0));
        });
        var loss = Scalar(sum, hidden);
        return bias is null
            ? PrecomputedLoss.Attach(loss, (hidden, gradients.Left), (head, gradients.Right))
            : PrecomputedLoss.Attach(loss, (hidden, gradients.Left), (head, gradients.Right), (bias, biasGradient));
    }

    /// <summary>The sum of the rows' losses alone.</summary>
    public static double Evaluate(Tensor hidden, Tensor head, int blockRows, IHeadRows rows, Tensor? bias = null)
    {
        double sum = 0;
        ProductBlocks.ForEach(hidden, head, blockRows, (logits, start) => sum += rows.Run(Biased(logits, bias), start, wantsGradient: false));
        return sum;
    }

    private static Tensor Biased(Tensor logits, Tensor? bias) => bias is null ? logits : logits.add_(bias);

    private static Tensor Scalar(double value, Tensor like) => tensor(value, dtype: like.dtype, device: like.device);
}
