using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Puts a scalar loss whose gradients are already computed into the autograd graph.</summary>
internal sealed class PrecomputedLoss : autograd.SingleTensorFunction<PrecomputedLoss>
{
    private sealed record Evaluated(Tensor Loss, IEnumerable<Tensor?> Gradients);

    public override string Name => nameof(PrecomputedLoss);

    /// <summary>Returns <paramref name="loss"/> as a function of the inputs.</summary>
    /// <param name="loss">Scalar.</param>
    /// <param name="inputs">What the loss depends on, each with the gradient in its shape; null when not wanted.</param>
    public static Tensor Attach(Tensor loss, params (Tensor Input, Tensor? Gradient)[] inputs)
        => apply([.. inputs.Select(i => i.Input), new Evaluated(loss, inputs.Select(i => i.Gradient))]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (loss, gradients) = (Evaluated)vars[^1];
        // An empty vector of bool stands for a gradient that nobody wants.
        var none = loss.new_empty(0, dtype: ScalarType.Bool);
        ctx.save_for_backward([.. gradients.Select(gradient => gradient ?? none)]);
        return loss;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        double factor = grad_output.ToDouble();
        return [.. ctx.get_saved_variables().Select(gradient => IsUnwanted(gradient) ? null! : factor == 1 ? gradient : gradient * factor), null!];
    }

    private static bool IsUnwanted(Tensor gradient) => gradient.dtype == ScalarType.Bool;
}
