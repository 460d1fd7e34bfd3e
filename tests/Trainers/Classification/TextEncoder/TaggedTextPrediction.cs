using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Classification;

/// <summary>What a text classifier of tags says of a row.</summary>
public sealed class TaggedTextPrediction : IPrediction
{
    public bool[] PredictedLabel { get; set; } = [];

    public float[] Score { get; set; } = [];

    public float[] Embedding { get; set; } = [];

    public double[] Numbers() => [.. PredictedLabel.Select(tag => tag ? 1.0 : 0), .. Score.Concat(Embedding).Select(value => (double)value)];
}
