namespace MLNetExt.Tests.Contract;

/// <summary>A classifier's prediction for a row.</summary>
public sealed class MulticlassPrediction : IPrediction
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public double[] Numbers() => [PredictedLabel, .. Score.Select(s => (double)s)];
}
