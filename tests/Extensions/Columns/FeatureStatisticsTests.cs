using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class FeatureStatisticsTests
{
    private const int Width = 5;

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.5)]
    [DataRow(1.0)]
    public void Sparse_and_dense_rows_mixed_agree_with_brute_force(double sparseShare)
    {
        var random = new Random(2);
        float[][] rows = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, Width)
            .Select(j => random.Next(3) == 0 ? 0 : (float)(Math.Pow(10, j) * (1000 + random.NextDouble()))).ToArray())];
        var statistics = new FeatureStatistics(Width);
        foreach (float[] row in rows)
            statistics.Add(random.NextDouble() < sparseShare ? Sparse(row) : new VBuffer<float>(Width, row));

        (float[] shift, float[] scale) = statistics.Standard();
        float[] maxAbs = statistics.MaxAbsScale();
        for (int j = 0; j < Width; j++)
        {
            double mean = rows.Average(r => (double)r[j]);
            double deviation = Math.Sqrt(rows.Average(r => (r[j] - mean) * (r[j] - mean)));
            Assert.AreEqual(mean, shift[j], 1e-6 * mean, $"mean of feature {j}");
            Assert.AreEqual(1 / deviation, scale[j], 1e-6 / deviation, $"scale of feature {j}");
            Assert.AreEqual(1 / rows.Max(r => Math.Abs(r[j])), maxAbs[j], $"largest magnitude of feature {j}");
        }
    }

    [TestMethod]
    public void A_small_deviation_around_a_large_mean_is_kept()
    {
        var statistics = new FeatureStatistics(1);
        for (int i = 0; i < 1000; i++)
            statistics.Add(new VBuffer<float>(1, [16_000_000f + (i % 2)]));
        Assert.AreEqual(2, statistics.Standard().Scale[0], 1e-6);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_constant_feature_becomes_zero_however_it_is_held(bool isSparse)
    {
        // 0.1f has all its bits set: sums of its squares do not come out even.
        var statistics = new FeatureStatistics(3);
        float[] row = [0.1f, 0, -7e8f];
        for (int i = 0; i < 1001; i++)
            statistics.Add(isSparse && i % 3 > 0 ? Sparse(row) : new VBuffer<float>(3, row));
        (float[] shift, float[] scale) = statistics.Standard();
        CollectionAssert.AreEqual(row, shift);
        CollectionAssert.AreEqual(new[] { 1f, 1f, 1f }, scale);
        Assert.AreEqual(1, statistics.MaxAbsScale()[1]);
    }

    [TestMethod]
    public void Denormal_features_get_a_finite_scale()
    {
        var statistics = new FeatureStatistics(1);
        for (int i = 0; i < 10; i++)
            statistics.Add(new VBuffer<float>(1, [i % 2 * float.Epsilon]));
        Assert.IsTrue(float.IsFinite(statistics.Standard().Scale[0]));
        Assert.IsTrue(float.IsFinite(statistics.MaxAbsScale()[0]));
    }

    [TestMethod]
    public void The_first_value_that_is_not_finite_is_found_in_its_slot()
    {
        Assert.AreEqual(-1, FeatureStatistics.FirstNonFinite(new VBuffer<float>(2, [1, 2])));
        Assert.AreEqual(1, FeatureStatistics.FirstNonFinite(new VBuffer<float>(2, [1, float.NaN])));
        Assert.AreEqual(70, FeatureStatistics.FirstNonFinite(new VBuffer<float>(100, 2, [1, float.NegativeInfinity], [3, 70])));
    }

    private static VBuffer<float> Sparse(float[] row)
    {
        int[] slots = [.. Enumerable.Range(0, row.Length).Where(j => row[j] != 0)];
        return new VBuffer<float>(row.Length, slots.Length, [.. slots.Select(j => row[j])], slots);
    }
}
