using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Chunking;

/// <summary>A row that was cut from a document.</summary>
public sealed class ChunkPrediction : IPrediction
{
    public int[] Tokens { get; set; } = [];

    public double[] Numbers() => [.. Tokens.Select(id => (double)id)];
}
