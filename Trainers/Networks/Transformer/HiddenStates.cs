using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The tokens' vectors at the end of a stack, each <c>[rows, length, width]</c>, in the order of the rows.</summary>
/// <param name="Penultimate">What the last block reads: the output of the one before it, without a norm of its own where blocks
/// normalise their inputs.</param>
/// <param name="Last">What comes out.</param>
internal sealed record HiddenStates(Tensor Penultimate, Tensor Last);
