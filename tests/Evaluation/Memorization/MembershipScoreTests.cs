using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class MembershipScoreTests
{
    // Lengths of zlib.compress(text.encode()) in Python 3, at its default level.
    [TestMethod]
    [DataRow("", 1, 8)]
    [DataRow("a", 1, 9)]
    [DataRow("abc", 50, 14)]
    [DataRow("the quick brown fox jumps over the lazy dog", 1, 50)]
    public void ZlibLength_IsThatOfZlib(string text, int times, int expected) =>
        Assert.AreEqual(expected, MembershipScore.ZlibLength(string.Concat(Enumerable.Repeat(text, times))));

    [TestMethod]
    public void ZlibLength_CountsUtf8() => Assert.IsGreaterThan(MembershipScore.ZlibLength("aeoU"), MembershipScore.ZlibLength("äéøÜ"));

    [TestMethod]
    public void Scores_AreHigherForMembers()
    {
        Assert.AreEqual(-2.5, MembershipScore.OfLoss(2.5));
        Assert.AreEqual(-2.5 / 50, MembershipScore.OfLossPerZlibByte(2.5, "the quick brown fox jumps over the lazy dog"));
    }

    [TestMethod]
    public void Curve_RefusesNaN_AndNothing()
    {
        Assert.Contains("Score 1 of the negatives is NaN", Assert.ThrowsExactly<ArgumentException>(() => RocCurve.Of([1], [0, double.NaN])).Message);
        Assert.ThrowsExactly<ArgumentException>(() => RocCurve.Of([], [0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RocCurve.Of([1], [0]).TruePositiveRateAt(double.NaN));
    }
}
