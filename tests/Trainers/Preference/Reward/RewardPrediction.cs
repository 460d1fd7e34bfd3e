using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Preference;

/// <summary>What a reward model says of a row.</summary>
public sealed class RewardPrediction : IPrediction
{
    public float Score { get; set; }

    public float ChosenScore { get; set; }

    public float RejectedScore { get; set; }

    public double[] Numbers() => [Score, ChosenScore, RejectedScore];
}
