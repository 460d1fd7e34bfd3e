using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Masking;

/// <summary>The mask of a row.</summary>
public sealed class MaskPrediction : IPrediction
{
    public float[] LossMask { get; set; } = [];

    public double[] Numbers() => [.. LossMask.Select(x => (double)x)];
}
