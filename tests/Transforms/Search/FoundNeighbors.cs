using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Search;

/// <summary>What a search found for a row.</summary>
public sealed class FoundNeighbors : IPrediction
{
    public string[] NeighborIds { get; set; } = [];

    public float[] NeighborScores { get; set; } = [];

    public double[] Numbers() => [.. NeighborScores, .. NeighborIds.Select(id => (double)id.GetHashCode(StringComparison.Ordinal))];
}
