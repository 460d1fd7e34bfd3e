namespace MLNetExt.Evaluation;

/// <summary>One point of a <see cref="RocCurve"/>: what is said of those whose score is at least the threshold.</summary>
/// <param name="FalsePositiveRate">The share of negatives at or above the threshold, in [0, 1].</param>
/// <param name="TruePositiveRate">The share of positives at or above the threshold, in [0, 1].</param>
/// <param name="Threshold">The threshold; infinity at the curve's start, where nothing is above it.</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate, double Threshold);
