using System.Diagnostics;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

[TestClass]
[TestCategory("Speed")]
public sealed class PolicySpeedTests
{
    private const int Rows = 32;
    private const int Length = 512;
    private const double Milliseconds = 2;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_batch_is_masked_and_dropped_in_two_milliseconds_each()
    {
        var random = new Random(1);
        int[] ids = [.. Enumerable.Range(0, Rows * Length).Select(_ => random.Next(5, 30_000))], inputs = new int[ids.Length], labels = new int[ids.Length];
        float[] table = [.. Enumerable.Range(0, 30_000).Select(_ => random.NextSingle())];
        long[] selected = new long[ids.Length / 2], unselected = new long[ids.Length / 2];
        var mask = new MaskPolicy(new(), new MaskVocabulary(30_000, 4) { SpecialIds = [0, 1, 2, 3] });
        DropPolicy byImportance = new(new() { PinnedIds = [1, 2, 3, 4], DeniedIds = [0] }), byPosition = new(new() { PinnedIds = [1, 2, 3, 4], DeniedIds = [0], SortByPosition = true });
        long epoch = 0;
        double best = Best(() =>
        {
            epoch++;
            for (int start = 0; start < ids.Length; start += Length)
                mask.Apply(ids.AsSpan(start, Length), MaskPolicy.RowHash(ids.AsSpan(start, Length)), epoch, inputs.AsSpan(start, Length), labels.AsSpan(start, Length));
        });
        double importance = Best(() => byImportance.SelectRows(ids, Length, table, selected, unselected));
        double position = Best(() => byPosition.SelectRows(ids, Length, table, selected, unselected));
        TestContext.WriteLine($"{Rows} rows of {Length}: masked in {best:0.00} ms, dropped by importance in {importance:0.00} ms, in order of place in {position:0.00} ms");
        foreach (double time in new[] { best, importance, position })
            Assert.IsLessThan(Milliseconds, time);
    }

    private static double Best(Action act) => Enumerable.Range(0, 200).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    });
}
