using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class DistributionTests
{
    [TestMethod]
    public void Numbers_AreThoseOfTheSample()
    {
        // Mean 5; squared distances 25 + 16 + 9 + 4 = 54; 54 / 3 = 18.
        var distribution = Distribution.Of(10, 1, 2, 7);
        Assert.AreEqual(4, distribution.Count);
        Assert.AreEqual(5, distribution.Mean);
        Assert.AreEqual(Math.Sqrt(18), distribution.StandardDeviation, 1e-12);
        Assert.AreEqual(Math.Sqrt(18) / 2, distribution.StandardError, 1e-12);
        Assert.AreEqual(1, distribution.Minimum);
        Assert.AreEqual(10, distribution.Maximum);
        Assert.AreEqual(4.5, distribution.Median);
        // Place 0.1 · 3 = 0.3 between 1 and 2; place 0.9 · 3 = 2.7 between 7 and 10.
        Assert.AreEqual(1.3, distribution.Quantile(0.1), 1e-12);
        Assert.AreEqual(9.1, distribution.Quantile(0.9), 1e-12);
        Assert.AreEqual(10, distribution.Quantile(1));
    }

    [TestMethod]
    public void SingleValue_HasNoDeviation()
    {
        var distribution = Distribution.Of(3);
        Assert.AreEqual(3, distribution.Quantile(0.7));
        Assert.AreEqual(double.NaN, distribution.StandardDeviation);
        Assert.AreEqual(double.NaN, distribution.StandardError);
    }

    [TestMethod]
    public void BadInput_IsRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Distribution.Of());
        Assert.Contains("Value 1 is NaN", Assert.ThrowsExactly<ArgumentException>(() => Distribution.Of(1, double.NaN)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Distribution.Of(1).Quantile(1.1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Distribution.Of(1).Quantile(double.NaN));
    }
}
