using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

[TestClass]
[TestCategory("Speed")]
public sealed class GoldfishSpeedTests
{
    private const int Rows = 1000;
    private const int RowTokens = 1025;
    private const double Aim = 20e6;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(GoldfishStrategy.Hash)]
    [DataRow(GoldfishStrategy.ReferenceHash)]
    public void Twenty_million_tokens_a_second_are_masked_through_a_cursor(GoldfishStrategy strategy)
    {
        var random = new Random(1);
        MaskedRow[] rows = [.. Enumerable.Range(0, Rows).Select(_ => new MaskedRow { Tokens = [.. Enumerable.Range(0, RowTokens).Select(_ => random.Next(32_000))] })];
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        IDataView masked = ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", h: 13, strategy: strategy).Fit(data).Transform(data);
        double[] seconds = [.. Enumerable.Range(0, 15).Select(_ => Read(masked)).Order()];
        double best = Rows * RowTokens / seconds[0], median = Rows * RowTokens / seconds[seconds.Length / 2];
        TestContext.WriteLine($"{strategy}: {best / 1e6:0} million tokens/s at best, {median / 1e6:0} in the median of 15 passes");
        Assert.IsGreaterThan(Aim, best);
    }

    private static double Read(IDataView masked)
    {
        long start = Stopwatch.GetTimestamp();
        using DataViewRowCursor cursor = masked.GetRowCursor([masked.Schema["LossMask"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(masked.Schema["LossMask"]);
        VBuffer<float> mask = default;
        int count = 0;
        while (cursor.MoveNext())
        {
            getter(ref mask);
            count += mask.Length;
        }
        Assert.AreEqual(Rows * RowTokens, count);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
