using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class RankCorrelationTests
{
    [TestMethod]
    public void Order_alone_counts()
    {
        Assert.AreEqual(1, RankCorrelation.Spearman([1, 2, 3], [10, 1000, 1001]), 1e-12);
        Assert.AreEqual(-1, RankCorrelation.Spearman([1, 2, 3], [0, -1, -100]), 1e-12);
        // Ranks 1 to 5 against 2, 1, 4, 3, 5: 1 - 6 * 4 / (5 * 24).
        Assert.AreEqual(0.8, RankCorrelation.Spearman([1, 2, 3, 4, 5], [8, 7, 20, 12, 30]), 1e-12);
    }

    [TestMethod]
    public void Equal_values_share_their_ranks()
    {
        // Ranks 1, 2.5, 2.5, 4 against 1 to 4: products of deviations 4.5, squares 4.5 and 5.
        Assert.AreEqual(4.5 / Math.Sqrt(4.5 * 5), RankCorrelation.Spearman([1, 2, 2, 3], [1, 2, 3, 4]), 1e-12);
        Assert.IsTrue(double.IsNaN(RankCorrelation.Spearman([2, 2], [1, 2])));
        Assert.IsTrue(double.IsNaN(RankCorrelation.Spearman([2], [1])));
    }

    [TestMethod]
    public void Bad_input_is_named()
    {
        Assert.ThrowsExactly<ArgumentException>(() => RankCorrelation.Spearman([1, 2], [1]));
        Assert.Contains("Value 1 is NaN", Assert.ThrowsExactly<ArgumentException>(() => RankCorrelation.Spearman([1, double.NaN], [1, 2])).Message);
    }
}
