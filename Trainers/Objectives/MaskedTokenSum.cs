using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The masked-token loss of a batch as a sum, and of each masked position.</summary>
/// <param name="Loss">Scalar, differentiable with respect to hidden states, head and bias. The mean is <paramref name="Loss"/> divided by the number of positions.</param>
/// <param name="Losses">The loss of each position <c>[n]</c>, a constant: what a table of token importance is updated with.</param>
public readonly record struct MaskedTokenSum(Tensor Loss, Tensor Losses);
