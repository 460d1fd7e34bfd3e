using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>The loss of one batch as a sum and its weight, never as a mean.</summary>
/// <param name="LossSum">A scalar, the sum of the weighted losses. It may be on any device: the loop reads it late.</param>
/// <param name="Weight">The sum of the weights, at least 0: the row count when every row weighs 1. A total of 0 in an
/// optimiser step leaves the weights as they are.</param>
/// <param name="Metrics">What else is reported, by name.</param>
public readonly record struct StepLoss(Tensor LossSum, double Weight, IReadOnlyDictionary<string, StepMetric>? Metrics = null);
