using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>What an objective does with the cosines of some rows.</summary>
internal interface IPairPass
{
    /// <summary>Adds up the rows' losses and overwrites their cosines with the gradient by the logits, 0 for pairs that do not count.</summary>
    /// <param name="cosines">Contiguous <c>[count, m]</c>.</param>
    /// <param name="start">The first row's number.</param>
    PairSums Run(Tensor cosines, long start);
}
