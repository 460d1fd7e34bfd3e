using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class DivergenceHistogramTests
{
    [TestMethod]
    public void Divergences_AreCountedByPosition_AndByMask()
    {
        var histogram = DivergenceHistogram.Of(4, [1, 1, -1, 3], [[false, true, false, false], [true, false, false, false], [true, true, true, true], [false, false, false, true]]);
        CollectionAssert.AreEqual(new[] { 0, 2, 0, 1 }, histogram.Counts.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 0, 1 }, histogram.DroppedCounts!.ToArray());
        Assert.AreEqual(3, histogram.Diverged);
        Assert.AreEqual(2, histogram.DivergedOnDropped);
        Assert.AreEqual(2.0 / 3, histogram.DroppedShare);
        Assert.AreEqual(7.0 / 16, histogram.DroppedTokenShare);
    }

    [TestMethod]
    public void WithoutMaskOrDivergence_ThereIsNoShare()
    {
        Assert.IsNull(DivergenceHistogram.Of(2, [0]).DroppedShare);
        Assert.IsNull(DivergenceHistogram.Of(2, [0]).DroppedTokenShare);
        Assert.IsNull(DivergenceHistogram.Of(2, [-1], [[true, false]]).DroppedShare);
    }

    [TestMethod]
    public void WrongPositionsAndMasks_AreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => DivergenceHistogram.Of(2, [2]));
        Assert.ThrowsExactly<ArgumentException>(() => DivergenceHistogram.Of(2, [-2]));
        Assert.ThrowsExactly<ArgumentException>(() => DivergenceHistogram.Of(2, [0], []));
        Assert.ThrowsExactly<ArgumentException>(() => DivergenceHistogram.Of(2, [0], [[true]]));
    }
}
