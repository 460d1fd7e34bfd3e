using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>The next-token loss of a batch as a sum, and what it was made of.</summary>
/// <param name="Loss">Scalar, differentiable with respect to hidden states and head: the sum over kept tokens of weight times loss.</param>
/// <param name="Weight">The sum of the kept tokens' weights: their count, when the weights are a mask. The mean is
/// <paramref name="Loss"/> / <paramref name="Weight"/>; 0 when nothing is kept, and the loss then is 0 with zero gradient.</param>
/// <param name="KeptCount">How many tokens are valid and of positive weight.</param>
/// <param name="DroppedCount">How many are valid and of weight 0.</param>
/// <param name="DroppedLoss">The sum of the dropped tokens' losses, each counting 1; null when it was not asked for. With a
/// mask for weights, <paramref name="Loss"/> plus this is the loss of all valid tokens.</param>
public readonly record struct NextTokenSum(Tensor Loss, double Weight, long KeptCount, long DroppedCount, double? DroppedLoss);
