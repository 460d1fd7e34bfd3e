using MLNetExt.Columns;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class UnitVectorsTests
{
    [TestMethod]
    [DataRow(1f)]
    [DataRow(1e37f)]
    [DataRow(1e-37f)]
    public void Length_becomes_1_whatever_it_was(float scale)
    {
        float[] unit = new float[2];
        UnitVectors.Normalize([3 * scale, -4 * scale], unit);
        Assert.AreEqual(0.6f, unit[0], 1e-6f);
        Assert.AreEqual(-0.8f, unit[1], 1e-6f);
    }

    [TestMethod]
    public void Smallest_numbers_are_scaled_too()
    {
        float[] vector = [0, float.Epsilon];
        UnitVectors.Normalize(vector, vector);
        CollectionAssert.AreEqual(new float[] { 0, 1 }, vector);
    }

    [TestMethod]
    public void Zero_stays_zero()
    {
        float[] unit = [7, 7];
        UnitVectors.Normalize([0, 0], unit);
        CollectionAssert.AreEqual(new float[2], unit);
    }

    [TestMethod]
    public void Memory_of_another_size_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => UnitVectors.Normalize([1, 2], new float[3]));
}
