using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Puts a loss of pairs whose gradients are already computed into the autograd graph.</summary>
internal sealed class PairLoss : autograd.SingleTensorFunction<PairLoss>
{
    private sealed record Evaluated(Tensor Loss, PairGradients Gradients);

    public override string Name => nameof(PairLoss);

    /// <summary>Returns <paramref name="loss"/> as a function of the batch's embeddings, t′ and b.</summary>
    public static Tensor Attach(ContrastiveBatch batch, Tensor loss, PairGradients gradients)
        => apply(batch.Left, batch.Right, batch.LogScale, batch.Bias, new Evaluated(loss, gradients));

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (loss, gradients) = (Evaluated)vars[4];
        // An empty vector stands for a gradient that nobody wants.
        var none = loss.new_empty(0);
        ctx.save_for_backward([gradients.Left ?? none, gradients.Right ?? none, gradients.LogScale, gradients.Bias]);
        return loss;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        double factor = grad_output.ToDouble();
        return [.. ctx.get_saved_variables().Select(gradient => IsUnwanted(gradient) ? null! : factor == 1 ? gradient : gradient * factor), null!];
    }

    private static bool IsUnwanted(Tensor gradient) => gradient.dim() == 1 && gradient.numel() == 0;
}
