using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Puts a loss whose gradient is already computed into the autograd graph.</summary>
internal sealed class FusedLoss : autograd.SingleTensorFunction<FusedLoss>
{
    private sealed record Evaluated(Tensor Loss, Tensor Gradient);

    public override string Name => nameof(FusedLoss);

    /// <summary>Returns <paramref name="loss"/> as a function of <paramref name="logits"/>.</summary>
    /// <param name="logits"><c>[B, C]</c>.</param>
    /// <param name="loss">Scalar or <c>[B]</c>.</param>
    /// <param name="gradient"><c>[B, C]</c>: of the scalar, or each row that of the row's loss.</param>
    public static Tensor Attach(Tensor logits, Tensor loss, Tensor gradient) => apply(logits, new Evaluated(loss, gradient));

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var evaluated = (Evaluated)vars[1];
        ctx.save_for_backward([evaluated.Gradient]);
        return evaluated.Loss;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var gradient = ctx.get_saved_variables()[0];
        if (grad_output.dim() == 1)
            gradient = gradient * grad_output.unsqueeze(1);
        else if (grad_output.ToDouble() != 1)
            gradient = gradient * grad_output;
        return [gradient, null!];
    }
}
