using MLNetExt.Training;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class RowDigestTests
{
    [TestMethod]
    public void Equal_values_give_equal_digests_and_any_change_another()
    {
        string first = Of([1, 2, 3]);
        Assert.AreEqual(first, Of([1, 2, 3]));
        string[] others = [Of([1, 2, 4]), Of([1, 3, 2]), Of([1, 2]), Of([1, 2, 3, 0]), Of([-1, 2, 3]), Of([1, 2], [3]), Of([1], [2, 3]), Of([])];
        Assert.HasCount(others.Length + 1, others.Append(first).Distinct());
    }

    [TestMethod]
    public void The_digest_of_a_process_is_that_of_another() => Assert.AreEqual(Expected, Of([1, 2, 3]));

    private const string Expected = "ecb138033bc2eca5";

    private static string Of(params float[][] rows)
    {
        var digest = new RowDigest();
        foreach (float[] row in rows)
            digest.Add<float>(row);
        return digest.ToString();
    }
}
