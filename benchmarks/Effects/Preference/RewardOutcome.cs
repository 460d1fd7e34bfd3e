namespace MLNetExt.Benchmarks;

/// <summary>How often a reward model puts pairs in the right order, in per cent; a tie is not.</summary>
internal sealed record RewardOutcome(double Validation, double Test, double Seconds);
