using System.Diagnostics;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

[TestClass]
[TestCategory("Speed")]
public sealed class PolicySpeedTests
{
    private const int Rows = 32;
    private const int Length = 512;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_batch_is_masked_and_dropped_sooner_than_by_sorting_its_rows()
    {
        var random = new Random(1);
        int[] ids = [.. Enumerable.Range(0, Rows * Length).Select(_ => random.Next(5, 30_000))], inputs = new int[ids.Length], labels = new int[ids.Length];
        float[] table = [.. Enumerable.Range(0, 30_000).Select(_ => random.NextSingle())];
        long[] selected = new long[ids.Length / 2], unselected = new long[ids.Length / 2];
        var mask = new MaskPolicy(new(), new MaskVocabulary(30_000, 4) { SpecialIds = [0, 1, 2, 3] });
        DropPolicy byImportance = new(new() { PinnedIds = [1, 2, 3, 4], DeniedIds = [0] }), byPosition = new(new() { PinnedIds = [1, 2, 3, 4], DeniedIds = [0], SortByPosition = true });
        long epoch = 0;
        (double masked, double shuffled) = Best(
            () =>
            {
                epoch++;
                for (int start = 0; start < ids.Length; start += Length)
                    mask.Apply(ids.AsSpan(start, Length), MaskPolicy.RowHash(ids.AsSpan(start, Length)), epoch, inputs.AsSpan(start, Length), labels.AsSpan(start, Length));
            },
            () => Shuffle(ids, random, inputs, labels));
        (double byScore, double sorted) = Best(() => byImportance.SelectRows(ids, Length, table, selected, unselected), () => Sort(ids, table, selected, unselected, inOrder: false));
        (double byPlace, double inOrder) = Best(() => byPosition.SelectRows(ids, Length, table, selected, unselected), () => Sort(ids, table, selected, unselected, inOrder: true));
        TestContext.WriteLine(
            $"{Rows} rows of {Length}: masked in {masked:0.00} ms and {masked / shuffled:0.00} of a shuffle, dropped by importance in {byScore:0.00} ms and {byScore / sorted:0.00} of a sort, "
            + $"in order of place in {byPlace:0.00} ms and {byPlace / inOrder:0.00} of two");
        foreach (double ratio in new[] { masked / shuffled, byScore / sorted, byPlace / inOrder })
            Assert.IsLessThan(1, ratio);
    }

    /// <summary>Masks as one would write it down: 15 in 100 places of each row in random order.</summary>
    private static void Shuffle(int[] ids, Random random, int[] inputs, int[] labels)
    {
        ids.CopyTo(inputs, 0);
        labels.AsSpan().Fill(MaskPolicy.Ignored);
        for (int start = 0; start < ids.Length; start += Length)
        {
            foreach (int place in Enumerable.Range(start, Length).Where(place => ids[place] > 3).OrderBy(_ => random.Next()).Take((int)Math.Round(0.15 * Length)))
            {
                double kind = random.NextDouble();
                labels[place] = ids[place];
                inputs[place] = kind < 0.8 ? 4 : kind < 0.9 ? random.Next(5, 30_000) : ids[place];
            }
        }
    }

    /// <summary>Drops as one would write it down: the first half of the places of each row by score.</summary>
    private static void Sort(int[] ids, float[] table, long[] selected, long[] unselected, bool inOrder)
    {
        for (int row = 0; row < Rows; row++)
        {
            int start = row * Length, half = Length / 2;
            long[] order = [.. Enumerable.Range(0, Length).OrderByDescending(place => table[ids[start + place]]).Select(place => (long)place)];
            IEnumerable<long> kept = order.Take(half), dropped = order.Skip(half);
            (inOrder ? [.. kept.Order()] : kept.ToArray()).CopyTo(selected, row * half);
            (inOrder ? [.. dropped.Order()] : dropped.ToArray()).CopyTo(unselected, row * half);
        }
    }

    /// <summary>The best milliseconds of each, one after the other.</summary>
    private static (double Ours, double Other) Best(Action ours, Action other)
    {
        (double, double)[] times = [.. Enumerable.Range(0, 200).Select(_ => (Time(ours), Time(other)))];
        return (times.Min(time => time.Item1), times.Min(time => time.Item2));
    }

    private static double Time(Action act)
    {
        long start = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
