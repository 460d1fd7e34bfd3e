using FsCheck;
using FsCheck.Fluent;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class MemorizationPropertyTests
{
    private static readonly Config Checks = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20260101, 1);

    private static readonly Arbitrary<(int[] A, int[] B)> AnySequences = (
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from vocabulary in Gen.Choose(1, 12)
        from longest in Gen.Elements(3, 70, 200)
        select Draw(new Random(seed), vocabulary, longest)).ToArbitrary();

    private static readonly Arbitrary<(double[] Positives, double[] Negatives)> AnyScores = (
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from levels in Gen.Choose(1, 40)
        select DrawScores(new Random(seed), levels)).ToArbitrary();

    [TestMethod]
    public void LongestCommonSubsequence_IsThatOfTheTable() => Prop.ForAll(
        AnySequences, pair => RougeL.LongestCommonSubsequence(pair.A, pair.B) == TableLcs(pair.A, pair.B)).Check(Checks);

    [TestMethod]
    public void RougeL_IsSymmetric_AndOneForEqualSequencesAlone() => Prop.ForAll(AnySequences, pair =>
        RougeL.Score(pair.A, pair.B) == RougeL.Score(pair.B, pair.A)
        && RougeL.Score(pair.A, pair.B) is >= 0 and <= 1
        && (RougeL.Score(pair.A, pair.B) == 1) == (pair.A.Length > 0 && pair.A.SequenceEqual(pair.B))).Check(Checks);

    [TestMethod]
    public void ExactMatch_IsNoDivergence_AndFullAccuracy() => Prop.ForAll(AnySequences, pair =>
    {
        bool isExact = TokenComparison.IsExactMatch(pair.A, pair.B);
        int first = TokenComparison.FirstDivergence(pair.A, pair.B);
        return isExact == (first < 0)
            && (!isExact || pair.B.Length == 0 || TokenComparison.TokenAccuracy(pair.A, pair.B) == 1)
            && (isExact || (pair.A.Take(first).SequenceEqual(pair.B.Take(first)) && !pair.A.Skip(first).Take(1).SequenceEqual(pair.B.Skip(first).Take(1))));
    }).Check(Checks);

    [TestMethod]
    public void AreaUnderCurve_IsTheShareOfPairsInOrder_AndTheTrapezoidsOfThePoints() => Prop.ForAll(AnyScores, scores =>
    {
        var roc = RocCurve.Of(scores.Positives, scores.Negatives);
        double pairs = scores.Positives.Average(p => scores.Negatives.Average(n => p > n ? 1 : p == n ? 0.5 : 0));
        double trapezoids = roc.Points.Zip(roc.Points.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        return Math.Abs(roc.AreaUnderCurve - pairs) < 1e-12 && Math.Abs(roc.AreaUnderCurve - trapezoids) < 1e-12;
    }).Check(Checks);

    [TestMethod]
    public void Rates_AreThoseOfTheBestThreshold() => Prop.ForAll(AnyScores, scores =>
    {
        var roc = RocCurve.Of(scores.Positives, scores.Negatives);
        double[] thresholds = [.. scores.Positives, .. scores.Negatives, double.PositiveInfinity];
        (double False, double True)[] rates = [.. thresholds.Select(t => (Share(scores.Negatives, t), Share(scores.Positives, t)))];
        return new[] { 0, 0.01, 0.1, 0.5, 1 }.All(f => roc.TruePositiveRateAt(f) == rates.Where(rate => rate.False <= f).Max(rate => rate.True))
            && Math.Abs(roc.BalancedAccuracy - rates.Max(rate => 1 - (rate.False + 1 - rate.True) / 2)) < 1e-12;
    }).Check(Checks);

    private static double Share(double[] scores, double threshold) => (double)scores.Count(score => score >= threshold) / scores.Length;

    private static int TableLcs(int[] a, int[] b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i < a.Length; i++)
        {
            for (int j = 0; j < b.Length; j++)
                table[i + 1, j + 1] = a[i] == b[j] ? table[i, j] + 1 : Math.Max(table[i, j + 1], table[i + 1, j]);
        }
        return table[a.Length, b.Length];
    }

    private static (int[] A, int[] B) Draw(Random random, int vocabulary, int longest)
    {
        int[] a = Ids(random.Next(longest + 1)), b = Ids(random.Next(longest + 1));
        // Half of the pairs share a beginning, as continuations do.
        return random.Next(2) == 0 ? (a, b) : (a, [.. a.Take(random.Next(a.Length + 1)), .. b]);

        int[] Ids(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];
    }

    private static (double[] Positives, double[] Negatives) DrawScores(Random random, int levels)
    {
        return (Scores(), Scores());

        double[] Scores() => [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(20) == 0 ? double.NegativeInfinity : random.Next(levels) / 4.0)];
    }
}
