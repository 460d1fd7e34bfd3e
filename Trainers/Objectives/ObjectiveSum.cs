using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>An objective over a batch, kept as a sum: the mean is <paramref name="Loss"/> / <paramref name="Weight"/>.</summary>
/// <remarks>Sums of several batches add up exactly, so the caller divides once per optimiser step, whatever the number
/// of batches it accumulated. A weight of 0 means that no row counted; the loss is then 0 with zero gradient.</remarks>
/// <param name="Loss">Scalar, differentiable with respect to the logits: the sum of row losses times row weights.</param>
/// <param name="Weight">The sum of the valid rows' weights; their count when nothing is weighted.</param>
public readonly record struct ObjectiveSum(Tensor Loss, double Weight);
