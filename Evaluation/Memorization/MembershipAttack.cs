namespace MLNetExt.Evaluation;

/// <summary>How well one score tells documents that a model was trained on from others.</summary>
public sealed class MembershipAttack
{
    /// <summary>The fewest members, and the fewest non-members, for which a true positive rate at a small false positive rate is given: with
    /// 1,000 non-members a rate of 0.1 % is a single one of them.</summary>
    public const int MinimumDocumentsForRates = 1000;

    private readonly bool _hasRates;

    internal MembershipAttack(double[] memberScores, double[] nonMemberScores)
    {
        Roc = RocCurve.Of(memberScores, nonMemberScores);
        _hasRates = Math.Min(memberScores.Length, nonMemberScores.Length) >= MinimumDocumentsForRates;
    }

    /// <summary>The curve; members are the positives.</summary>
    public RocCurve Roc { get; }

    /// <summary>The area under the curve, in [0, 1]: 0.5 when the score does not know members, 1 when it knows all.</summary>
    public double AreaUnderCurve => Roc.AreaUnderCurve;

    /// <summary>The balanced accuracy of the best threshold, in [0.5, 1].</summary>
    public double BalancedAccuracy => Roc.BalancedAccuracy;

    /// <summary>The share of members that are found at a false positive rate of 0.1 %; null with fewer than <see cref="MinimumDocumentsForRates"/>
    /// members or non-members.</summary>
    public double? TruePositiveRateAtOnePerMille => _hasRates ? Roc.TruePositiveRateAt(0.001) : null;

    /// <summary>The share of members that are found at a false positive rate of 1 %; null with fewer than <see cref="MinimumDocumentsForRates"/>
    /// members or non-members. <see cref="RocCurve.TruePositiveRateAt"/> gives it for any number.</summary>
    public double? TruePositiveRateAtOnePercent => _hasRates ? Roc.TruePositiveRateAt(0.01) : null;
}
