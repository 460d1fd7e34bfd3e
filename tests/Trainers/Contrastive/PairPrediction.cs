using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Contrastive;

/// <summary>What a two-tower model says of a pair.</summary>
public sealed class PairPrediction : IPrediction
{
    public float[] LeftEmbedding { get; set; } = [];

    public float[] RightEmbedding { get; set; } = [];

    public double[] Numbers() => [.. LeftEmbedding.Concat(RightEmbedding).Select(v => (double)v)];
}
