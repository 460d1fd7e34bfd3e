using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class BootstrapTests
{
    [TestMethod]
    public void Interval_OfManyValues_IsThatOfTheNormalDistribution()
    {
        // 400 ones and 600 zeros: standard error √(0.4 · 0.6 / 1000) = 0.01549; 95 % lie within 1.96 of them.
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => i < 400 ? 1.0 : 0)];
        ConfidenceInterval interval = Bootstrap.MeanInterval(values, resamples: 10_000);
        Assert.AreEqual(0.4 - 1.96 * 0.01549, interval.Low, 0.002);
        Assert.AreEqual(0.4 + 1.96 * 0.01549, interval.High, 0.002);
        ConfidenceInterval narrow = Bootstrap.MeanInterval(values, confidence: 0.5, resamples: 10_000);
        Assert.AreEqual(2 * 0.6745 * 0.01549, narrow.High - narrow.Low, 0.002);
    }

    [TestMethod]
    public void SameSeed_GivesTheSameInterval_AndAnotherSeedAnother()
    {
        double[] values = [.. Enumerable.Range(0, 37).Select(i => Math.Sin(i))];
        Assert.AreEqual(Bootstrap.MeanInterval(values, seed: 3), Bootstrap.MeanInterval(values, seed: 3));
        Assert.AreNotEqual(Bootstrap.MeanInterval(values, seed: 3), Bootstrap.MeanInterval(values, seed: 4));
    }

    [TestMethod]
    public void EqualValues_HaveAnIntervalOfNoWidth() =>
        Assert.AreEqual(new ConfidenceInterval(0.25, 0.25), Bootstrap.MeanInterval([0.25, 0.25, 0.25, 0.25]));

    [TestMethod]
    public void BadInput_IsRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Bootstrap.MeanInterval([]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1], confidence: 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1], confidence: double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1], resamples: 0));
        Assert.ThrowsExactly<ArgumentException>(() => Bootstrap.MeanInterval([1, double.NaN]));
    }
}
