using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class DivergenceEstimateTests
{
    [TestMethod]
    public void Numbers_AreMeansOverTokensAndOverCompletions()
    {
        var estimate = DivergenceEstimate.Of([[1, 2], [0], []]);
        Assert.AreEqual(1, estimate.PerToken);
        Assert.AreEqual(1, estimate.PerCompletion.Mean);
        Assert.AreEqual(3, estimate.TokenCount);
        Assert.AreEqual(3, estimate.CompletionCount);
        // The rests are 3 − 1 · 2 = 1, 0 − 1 · 1 = −1 and 0: √(2 · 3/2) / 3.
        Assert.AreEqual(Math.Sqrt(3) / 3, estimate.StandardError, 1e-12);
        // Sums 3, 0, 0 with mean 1: √((4 + 1 + 1) / 2) / √3.
        Assert.AreEqual(1, estimate.PerCompletion.StandardError, 1e-12);
    }

    [TestMethod]
    public void SingleCompletion_HasNoStandardError()
    {
        var estimate = DivergenceEstimate.Of([[0.5, 0.25]]);
        Assert.AreEqual(0.375, estimate.PerToken);
        Assert.AreEqual(double.NaN, estimate.StandardError);
    }

    [TestMethod]
    public void BadInput_IsRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => DivergenceEstimate.Of([]));
        Assert.ThrowsExactly<ArgumentException>(() => DivergenceEstimate.Of([[], []]));
        Assert.ThrowsExactly<ArgumentException>(() => DivergenceEstimate.Of([[double.NaN]]));
    }
}
