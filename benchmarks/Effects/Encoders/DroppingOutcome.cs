using MLNetExt.Evaluation;

namespace MLNetExt.Benchmarks;

/// <summary>What came of one arm with one seed.</summary>
/// <param name="Metrics">Of held-out rows; dropped passes keep the tokens that the arm's own rule keeps.</param>
/// <param name="Importance">Spearman's correlation of the learned importance with the logarithm of frequency, over characters that occur 20 times or more; null when none was learned.</param>
/// <param name="SecondsPerStep">Seconds of training a step.</param>
internal sealed record DroppingOutcome(MaskedMetrics Metrics, double? Importance, double SecondsPerStep);
