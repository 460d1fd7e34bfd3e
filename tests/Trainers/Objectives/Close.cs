namespace MLNetExt.Tests.Objectives;

/// <summary>Equality up to tolerance × max(1, |expected|).</summary>
internal static class Close
{
    public static void AreClose(this Assert assert, double expected, double actual, double tolerance, string what)
        => Assert.IsTrue(
            Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected)),
            $"{what}: expected {expected:R}, got {actual:R}");

    public static void AreClose(this Assert assert, IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Count, actual.Count, what);
        for (int i = 0; i < expected.Count; i++)
            assert.AreClose(expected[i], actual[i], tolerance, $"{what}[{i}]");
    }
}
