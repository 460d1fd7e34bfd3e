using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>A metric over a batch, kept as a sum with a weight of its own: sums and weights of several batches add up.</summary>
/// <param name="Sum">A scalar without gradient.</param>
/// <param name="Weight">How many pairs, completions or tokens it is the sum of; above 0.</param>
public readonly record struct MetricSum(Tensor Sum, double Weight);
