namespace MLNetExt.Benchmarks;

/// <summary>What one run on openclipart reached on the test part, in per cent, and the seconds of its fit.</summary>
internal sealed record ClipartResult(double RecallAt1, double RecallAt5, double RecallAt10, double MedianRank, double CategoryAccuracy, double Seconds);
