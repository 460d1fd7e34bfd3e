using System.Numerics;
using MLNetExt.Kernels;

namespace MLNetExt.Tests.Kernels;

[TestClass]
public sealed class TopLogitsTests
{
    [TestMethod]
    public void AnyRow_EqualsSorting()
    {
        var random = new Random(1);
        foreach (int length in new[] { 2, 3, 7, 8, 9, 15, 16, 17, 100, 1003 })
        {
            for (int round = 0; round < 20; round++)
            {
                // Few values: many are equal.
                double[] row = [.. Enumerable.Range(0, length).Select(_ => (double)random.Next(round + 1))];
                bool[]? isExcluded = round % 3 == 0 ? null : [.. row.Select(_ => random.Next(4) == 0)];
                foreach (int wanted in new[] { 1, 2, 5, length })
                {
                    AssertSorted(row, random.Next(length), isExcluded, wanted);
                    AssertSorted(Array.ConvertAll(row, x => (float)x), random.Next(length), isExcluded, wanted);
                }
            }
        }
    }

    [TestMethod]
    public void RisingAndFallingRows_EqualSorting()
    {
        float[] rising = [.. Enumerable.Range(0, 1003).Select(i => (float)i)];
        AssertSorted(rising, 1000, null, 10);
        AssertSorted([.. rising.Reverse()], 2, null, 10);
    }

    [TestMethod]
    public void NaNAndMinusInfinity_AreNeverFound()
    {
        float[] row = [.. Enumerable.Repeat(float.NaN, 20), 3, float.NegativeInfinity, 1, float.NaN, float.PositiveInfinity];
        var (ids, values) = (new int[6], new float[6]);
        int count = TopLogits.Find(row, left: 0, isExcluded: null, ids, values);
        CollectionAssert.AreEqual(new[] { 24, 20, 22 }, ids[..count]);
        CollectionAssert.AreEqual(new[] { float.PositiveInfinity, 3, 1 }, values[..count]);
        Assert.AreEqual(0, TopLogits.Find(Enumerable.Repeat(float.NegativeInfinity, 20).ToArray(), 0, null, ids, values));
    }

    private static void AssertSorted<T>(T[] row, int left, bool[]? isExcluded, int wanted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] expected = [.. Enumerable.Range(0, row.Length).Where(id => id != left && isExcluded?[id] != true).OrderByDescending(id => row[id]).ThenBy(id => id).Take(wanted)];
        var (ids, values) = (new int[wanted], new T[wanted]);
        int count = TopLogits.Find(row, left, isExcluded, ids, values);
        CollectionAssert.AreEqual(expected, ids[..count], $"{wanted} of {row.Length} {typeof(T).Name}");
        CollectionAssert.AreEqual(expected.Select(id => row[id]).ToArray(), values[..count]);
    }
}
