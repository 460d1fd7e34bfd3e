using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>A training metric of one batch as a sum and its weight, which need not be the loss's; reported as the mean.</summary>
/// <param name="Sum">A scalar, on any device: the loop reads it late.</param>
/// <param name="Weight">What its sum over batches is divided by, at least 0.</param>
public readonly record struct StepMetric(Tensor Sum, double Weight);
