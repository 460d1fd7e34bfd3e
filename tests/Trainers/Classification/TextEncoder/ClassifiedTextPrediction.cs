using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Classification;

/// <summary>What a text classifier says of a row.</summary>
public sealed class ClassifiedTextPrediction : IPrediction
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float[] Embedding { get; set; } = [];

    public double[] Numbers() => [PredictedLabel, .. Score.Concat(Embedding).Select(value => (double)value)];
}
