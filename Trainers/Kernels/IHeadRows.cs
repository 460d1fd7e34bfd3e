using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>What an objective does with the logits of some rows of a language model's head.</summary>
internal interface IHeadRows
{
    /// <summary>Adds up the rows' losses, weighted.</summary>
    /// <param name="logits">Contiguous <c>[count, V]</c>. Overwritten with the gradient of the sum when that is wanted, with
    /// anything otherwise.</param>
    /// <param name="start">The first row's number.</param>
    /// <param name="wantsGradient">Whether the gradient is wanted.</param>
    double Run(Tensor logits, long start, bool wantsGradient);
}
