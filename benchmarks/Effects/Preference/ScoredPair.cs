namespace MLNetExt.Benchmarks;

/// <summary>What a reward model says of a pair.</summary>
internal sealed class ScoredPair
{
    public float ChosenScore { get; set; }

    public float RejectedScore { get; set; }
}
