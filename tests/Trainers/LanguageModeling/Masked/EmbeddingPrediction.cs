using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>What an encoder says of a text.</summary>
public sealed class EmbeddingPrediction : IPrediction
{
    public float[] Embedding { get; set; } = [];

    public double[] Numbers() => [.. Embedding.Select(value => (double)value)];
}
