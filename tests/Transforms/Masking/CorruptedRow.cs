using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Masking;

/// <summary>What a masked language model reads and predicts of a row.</summary>
public sealed class CorruptedRow : IPrediction
{
    public int[] MaskedTokens { get; set; } = [];

    public int[] MaskLabels { get; set; } = [];

    public double[] Numbers() => [.. MaskedTokens.Concat(MaskLabels).Select(x => (double)x)];
}
