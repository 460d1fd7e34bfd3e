using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Preference;

/// <summary>What a model that was trained on pairs says of one.</summary>
public sealed class PreferencePrediction : IPrediction
{
    public float ChosenLogProbability { get; set; }

    public float RejectedLogProbability { get; set; }

    public float Margin { get; set; }

    public double[] Numbers() => [ChosenLogProbability, RejectedLogProbability, Margin];
}
