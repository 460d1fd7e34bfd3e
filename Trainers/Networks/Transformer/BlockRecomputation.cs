using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Runs a transformer block without keeping its activations, and once more in the backward pass (arXiv 1604.06174).</summary>
/// <remarks>The second run draws the same dropout: the generator is put back to where it stood, and afterwards to where it is.
/// The block's weights receive their gradients during that run, as in any backward pass; so only the gradient of the input is returned.</remarks>
internal sealed class BlockRecomputation : autograd.SingleTensorFunction<BlockRecomputation>
{
    private sealed record Call(TransformerBlock Block, Tensor? Mask, Rotation? Rotation, Generator Generator);

    public override string Name => nameof(BlockRecomputation);

    /// <summary>The same as <see cref="TransformerBlock.Forward"/>, in the caller's dispose scope.</summary>
    /// <param name="block">The block.</param>
    /// <param name="tokens">Its input; without a gradient there is nothing that would lead the backward pass to the block, and nothing is saved.</param>
    /// <param name="mask">As there.</param>
    /// <param name="rotation">As there.</param>
    /// <param name="generator">The one that the block's dropout draws from.</param>
    public static Tensor Run(TransformerBlock block, Tensor tokens, Tensor? mask, Rotation? rotation, Generator generator) =>
        tokens.requires_grad && is_grad_enabled()
            ? apply(tokens, new Call(block, mask, rotation, generator))
            : block.Forward(tokens, mask, rotation);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (tokens, call) = ((Tensor)vars[0], (Call)vars[1]);
        // Saved as tensors: what the call holds is disposed with the forward pass.
        ctx.save_for_backward([tokens, call.Mask!, call.Rotation?.Cos!, call.Rotation?.Sin!, call.Generator.get_state()]);
        ctx.save_data(nameof(Call), call with { Mask = null, Rotation = null });
        return call.Block.Forward(tokens, call.Mask, call.Rotation);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var (block, _, _, generator) = (Call)ctx.get_data(nameof(Call));
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor tokens = saved[0].detach().requires_grad_(true), now = generator.get_state();
        generator.set_state(saved[4]);
        Tensor output = block.Forward(tokens, saved[1], saved[2] is null ? null : new Rotation(saved[2], saved[3]));
        generator.set_state(now);
        output.backward([grad_output]);
        return [tokens.grad!.MoveToOuterDisposeScope(), null!];
    }
}
