namespace MLNetExt.Evaluation;

/// <summary>A judge's two verdicts on a prompt: A was shown first, then B was.</summary>
/// <param name="AFirst">The verdict when A was shown first.</param>
/// <param name="BFirst">The verdict when B was shown first.</param>
public readonly record struct BothOrders(PreferenceVerdict AFirst, PreferenceVerdict BFirst)
{
    /// <summary>What A scores: the mean of both verdicts, a win 1, a tie 0.5 and a loss 0. Null when either could not be read: one alone would favour a place.</summary>
    public double? ScoreOfA => (PointsOfFirst(AFirst) + 1 - PointsOfFirst(BFirst)) / 2;

    /// <summary>Whether both verdicts say the same of A and B; false when either could not be read.</summary>
    public bool IsConsistent => PointsOfFirst(AFirst) is { } a && PointsOfFirst(BFirst) is { } b && a == 1 - b;

    /// <summary>How many points whatever was shown first got, of 2; null when a verdict could not be read.</summary>
    internal double? PointsOfFirstPlace => PointsOfFirst(AFirst) + PointsOfFirst(BFirst);

    private static double? PointsOfFirst(PreferenceVerdict verdict) => verdict switch
    {
        PreferenceVerdict.First => 1,
        PreferenceVerdict.Second => 0,
        PreferenceVerdict.Tie => 0.5,
        _ => null,
    };
}
