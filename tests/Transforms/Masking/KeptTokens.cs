using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Masking;

/// <summary>Which tokens of a row are kept.</summary>
public sealed class KeptTokens : IPrediction
{
    public int[] KeepPositions { get; set; } = [];

    public float[] KeepMask { get; set; } = [];

    public double[] Numbers() => [.. KeepPositions.Select(x => (double)x), .. KeepMask.Select(x => (double)x)];
}
