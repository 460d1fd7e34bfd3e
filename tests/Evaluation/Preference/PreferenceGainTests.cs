using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class PreferenceGainTests
{
    [TestMethod]
    public void Gain_IsTheDifferenceOverTheRowsOfBoth()
    {
        // Row 9 and row 8 are in one of them alone. Of the others two are gained, one is lost, and a tie is wrong.
        PreferenceMetrics before = Of((0, 1), (1, -1), (2, -1), (3, 2), (4, 0), (9, 1)), after = Of((8, 1), (4, -1), (3, -2), (2, 1), (1, 1), (0, 1));
        PreferenceGain gain = after.GainOver(before);
        Assert.AreEqual(5, gain.PairCount);
        Assert.AreEqual(2, gain.Improved);
        Assert.AreEqual(1, gain.Worsened);
        Assert.AreEqual(0.2, gain.Value, 1e-12);
        // Differences 0, 1, 1, -1, 0: squared distances 0.04, 0.64, 0.64, 1.44, 0.04.
        Assert.AreEqual(Math.Sqrt(2.8 / 4 / 5), gain.StandardError, 1e-12);
        Assert.AreEqual(Bootstrap.MeanInterval([0, -1, 1, 1, 0]), gain.Interval);
        Assert.AreEqual(-0.2, before.GainOver(after).Value, 1e-12);
        Assert.AreEqual(0, after.GainOver(after).Value);
        Assert.Contains("+20.0 ± 37.4", new PreferenceReport().Add("start", before).Add("trained", after).ToString());
    }

    [TestMethod]
    public void Interval_IsThatOfPairedRows()
    {
        // Hard rows are hard for both: 40 of 200 are gained and 10 lost, whatever the other 150 are.
        PreferenceMetrics before = Of([.. Enumerable.Range(0, 200).Select(i => ((long)i, i % 2 == 0 && i >= 80 || i is < 20 and >= 10 ? 1.0 : -1))]);
        PreferenceMetrics after = Of([.. before.Pairs.Select(pair => (pair.Row, pair.Row < 10 || pair.Row is >= 20 and < 50 ? 1.0 : pair.Row is >= 10 and < 20 ? -1 : pair.Margin))]);
        PreferenceGain gain = after.GainOver(before);
        Assert.AreEqual((40, 10), (gain.Improved, gain.Worsened));
        Assert.AreEqual(0.15, gain.Value, 1e-12);
        double exact = Math.Sqrt((0.25 - 0.15 * 0.15) / 200);
        Assert.AreEqual(exact, gain.StandardError, 0.01 * exact);
        Assert.AreEqual(0.15 - 1.96 * exact, gain.Interval.Low, 0.02);
        Assert.AreEqual(0.15 + 1.96 * exact, gain.Interval.High, 0.02);
    }

    [TestMethod]
    public void Confidence_IsThatOfTheEvaluation()
    {
        PreferencePair[] pairs = [.. Enumerable.Range(0, 50).Select(i => Pair(i, i % 3 == 0 ? 1 : -1))];
        PreferenceMetrics before = Of([.. Enumerable.Range(0, 50).Select(i => ((long)i, i % 5 == 0 ? 1.0 : -1))]);
        PreferenceGain wide = PreferenceMetrics.Of(pairs, confidence: 0.99).GainOver(before), narrow = PreferenceMetrics.Of(pairs, confidence: 0.5).GainOver(before);
        Assert.IsGreaterThan(narrow.Interval.High - narrow.Interval.Low, wide.Interval.High - wide.Interval.Low);
    }

    [TestMethod]
    public void Evaluations_OfOtherRows_AreRefused_AndHaveNoGainInAReport()
    {
        PreferenceMetrics one = Of((0, 1), (1, -1)), other = Of((2, 1)), twice = Of((0, 1), (0, 1));
        foreach (PreferenceMetrics bad in (PreferenceMetrics[])[other, twice])
        {
            Assert.Contains("give each pair its own Row", Assert.ThrowsExactly<ArgumentException>(() => one.GainOver(bad)).Message);
            Assert.ThrowsExactly<ArgumentException>(() => bad.GainOver(one));
            Assert.DoesNotContain("Gain", new PreferenceReport().Add("one", one).Add("bad", bad).ToString());
        }

        Assert.Contains("n/a", new PreferenceReport().Add("one", one).Add("bad", other).Add("same", one).ToString().Split(Environment.NewLine).Single(line => line.StartsWith("Gain over one (points)  ", StringComparison.Ordinal)));
    }

    private static PreferenceMetrics Of(params (long Row, double Margin)[] margins) => PreferenceMetrics.Of([.. margins.Select(pair => Pair(pair.Row, pair.Margin))]);

    private static PreferencePair Pair(long row, double margin) => new(row, new CompletionScore(1, margin), new CompletionScore(1, 0));
}
