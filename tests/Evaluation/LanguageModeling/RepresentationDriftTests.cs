using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class RepresentationDriftTests
{
    [TestMethod]
    public void Equal_passes_do_not_drift() =>
        Assert.AreEqual(new RepresentationDrift(0, 0), RepresentationDrift.Of([([1, 2, 3, 4], [1, 2, 3, 4]), ([5, 6], [5, 6])], 2));

    [TestMethod]
    public void Distance_and_divergence_are_those_of_the_formula()
    {
        // Differences 3 and 4 against a norm of 10. The first vectors' softmaxes are (1/2, 1/2) and (1/4, 3/4).
        float third = MathF.Log(3);
        var drift = RepresentationDrift.Of([([0, 0, 6, 8], [0, 0, 9, 12])], 2);
        Assert.AreEqual(0.5, drift.RelativeDistance, 1e-7);
        Assert.AreEqual(0, drift.Divergence, 1e-7);
        Assert.AreEqual(0.5 * Math.Log(2) + 0.5 * Math.Log(2.0 / 3), RepresentationDrift.Of([([0, 0, 6, 8], [0, third, 6, 8])], 2).Divergence, 1e-7);
    }

    [TestMethod]
    public void Divergence_is_a_mean_over_rows()
    {
        float third = MathF.Log(3);
        double one = RepresentationDrift.Of([([0, 0], [0, third])], 2).Divergence;
        Assert.AreEqual(one / 2, RepresentationDrift.Of([([0, 0], [0, third]), ([5, 5], [5, 5])], 2).Divergence, 1e-7);
    }

    [TestMethod]
    public void Vectors_that_do_not_fit_are_refused()
    {
        Assert.Contains("Row 1", Assert.ThrowsExactly<ArgumentException>(() => RepresentationDrift.Of([([1, 2], [1, 2]), ([1, 2], [1])], 2)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => RepresentationDrift.Of([([1, 2, 3], [1, 2, 3])], 2));
        Assert.ThrowsExactly<ArgumentException>(() => RepresentationDrift.Of([], 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RepresentationDrift.Of([([1], [1])], 0));
    }
}
