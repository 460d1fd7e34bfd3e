using MLNetExt.Evaluation;
using static MLNetExt.Evaluation.PreferenceVerdict;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class WinRateTests
{
    [TestMethod]
    // A first and then B first: what was shown first won twice, so that neither did.
    [DataRow(First, First, 0.5, false)]
    [DataRow(First, Second, 1.0, true)]
    [DataRow(Second, First, 0.0, true)]
    [DataRow(Second, Second, 0.5, false)]
    [DataRow(Tie, Tie, 0.5, true)]
    [DataRow(First, Tie, 0.75, false)]
    [DataRow(Tie, First, 0.25, false)]
    [DataRow(Unreadable, First, null, false)]
    [DataRow(First, Unreadable, null, false)]
    public void Score_IsTheMeanOfBothOrders(PreferenceVerdict aFirst, PreferenceVerdict bFirst, double? score, bool isConsistent)
    {
        var both = new BothOrders(aFirst, bFirst);
        Assert.AreEqual(score, both.ScoreOfA);
        Assert.AreEqual(isConsistent, both.IsConsistent);
    }

    [TestMethod]
    public void Rate_IsTheMeanScore_TiesHalf()
    {
        BothOrders[] verdicts = [new(First, Second), new(First, Tie), new(First, First), new(Second, First), new(Unreadable, First)];
        WinRate rate = WinRate.Of(verdicts, identical: 1);
        // 1, 0.75, 0.5, 0 and a tie: 2.75 / 5.
        Assert.AreEqual(0.55, rate.Value, 1e-12);
        Assert.AreEqual(5, rate.PromptCount);
        Assert.AreEqual(2, rate.Wins);
        Assert.AreEqual(2, rate.Ties);
        Assert.AreEqual(1, rate.Losses);
        Assert.AreEqual(1, rate.Identical);
        Assert.AreEqual(1, rate.Unreadable);
        // First places: 1 of 2, 1.5, 2 and 1.
        Assert.AreEqual(5.5 / 8, rate.FirstPlaceShare!.Value, 1e-12);
        Assert.AreEqual(0.5, rate.Consistency!.Value, 1e-12);
        // Squared distances 0.45², 0.2², 0.05², 0.55², 0.05²: 0.55; √(0.55 / 4 / 5).
        Assert.AreEqual(Math.Sqrt(0.55 / 20), rate.StandardError, 1e-12);
        Assert.IsTrue(rate.Interval.Low < 0.55 && 0.55 < rate.Interval.High);
        Assert.AreEqual(rate.Interval, WinRate.Of(verdicts, identical: 1).Interval);
    }

    [TestMethod]
    public void EqualContinuationsAlone_AreTies_AndSayNothingOfTheJudge()
    {
        WinRate rate = WinRate.Of([], identical: 3);
        Assert.AreEqual(0.5, rate.Value);
        Assert.IsNull(rate.FirstPlaceShare);
        Assert.IsNull(rate.Consistency);
    }

    [TestMethod]
    public void BadInput_IsRefused()
    {
        Assert.Contains("None of the verdicts on 1 prompts", Assert.ThrowsExactly<ArgumentException>(() => WinRate.Of([new(Unreadable, Tie)])).Message);
        Assert.Contains("None of the verdicts on 1 prompts", Assert.ThrowsExactly<ArgumentException>(() => WinRate.Of([new(Unreadable, Tie)], identical: 1)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => WinRate.Of([]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => WinRate.Of([new(Tie, Tie)], identical: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => WinRate.Of([new(Tie, Tie)], confidence: 0));
    }
}
