using MLNetExt.Columns;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

[TestClass]
public sealed class DropPolicyTests
{
    [TestMethod]
    public void Random_rows_are_split_as_the_definition_says()
    {
        var random = new Random(4);
        for (int trial = 0; trial < 500; trial++)
        {
            // Few different scores, so that many are equal.
            float[] table = [.. Enumerable.Range(0, 30).Select(_ => random.Next(4) switch { 0 => -0f, 1 => 0f, 2 => random.Next(-3, 4), _ => random.NextSingle() * 1e30f })];
            int[] ids = [.. Enumerable.Range(0, random.Next(0, 70)).Select(_ => random.Next(30))];
            var rule = new DropRule
            {
                KeepRatio = 0.1 * random.Next(1, 11),
                KeepCount = random.Next(3) == 0 ? random.Next(0, 80) : null,
                PinnedIds = random.Next(2) == 0 ? [1, 2] : [],
                DeniedIds = random.Next(2) == 0 ? [0, 29] : [],
                PinnedOverflow = random.Next(2) == 0 ? PinnedOverflow.Drop : PinnedOverflow.KeepMore,
                SortByPosition = random.Next(2) == 0,
            };
            int pinned = ids.Count(rule.PinnedIds.Contains);
            int keep = Math.Min(ids.Length, rule.KeepCount ?? ids.Length - (int)(ids.Length * (1 - (decimal)rule.KeepRatio)));
            if (rule.PinnedOverflow == PinnedOverflow.KeepMore)
                keep = Math.Max(keep, pinned);
            int[] order = [.. Enumerable.Range(0, ids.Length)
                .OrderBy(i => rule.PinnedIds.Contains(ids[i]) ? 0 : rule.DeniedIds.Contains(ids[i]) ? 2 : 1)
                .ThenByDescending(i => rule.PinnedIds.Contains(ids[i]) || rule.DeniedIds.Contains(ids[i]) ? 0 : table[ids[i]])
                .ThenBy(i => i)];
            int[] Sorted(IEnumerable<int> places) => [.. rule.SortByPosition ? places.Order() : places];

            (int[] selected, int[] unselected) = Select(rule, ids, table);
            CollectionAssert.AreEqual(Sorted(order.Take(keep)), selected, $"trial {trial}: {rule}");
            CollectionAssert.AreEqual(Sorted(order.Skip(keep)), unselected, $"trial {trial}: {rule}");
        }
    }

    [TestMethod]
    public void A_batch_is_its_rows()
    {
        const int rows = 9, length = 23;
        var random = new Random(8);
        float[] table = [.. Enumerable.Range(0, 50).Select(_ => random.NextSingle())];
        int[] ids = [.. Enumerable.Range(0, rows * length).Select(_ => random.Next(50))];
        ulong[] hashes = [.. Enumerable.Range(0, rows).Select(row => MaskPolicy.RowHash(ids.AsSpan(row * length, length)))];
        foreach (bool sorted in new[] { false, true })
        {
            var policy = new DropPolicy(new() { PinnedIds = [1], DeniedIds = [0], SortByPosition = sorted });
            int keep = policy.KeepCount(ids, length);
            Assert.AreEqual(12, keep);
            long[] selected = new long[rows * keep], unselected = new long[rows * (length - keep)];
            foreach (bool byTable in new[] { false, true })
            {
                if (byTable)
                    policy.SelectRows(ids, length, table, selected, unselected);
                else
                    policy.SelectRows(ids, length, hashes, epoch: 2, selected, unselected);
                for (int row = 0; row < rows; row++)
                {
                    int[] one = new int[keep], other = new int[length - keep];
                    if (byTable)
                        policy.Select(ids.AsSpan(row * length, length), table, one, other);
                    else
                        policy.Select(ids.AsSpan(row * length, length), hashes[row], epoch: 2, one, other);
                    CollectionAssert.AreEqual(one, selected[(row * keep)..((row + 1) * keep)].Select(i => (int)i).ToArray(), $"row {row}");
                    CollectionAssert.AreEqual(other, unselected[(row * (length - keep))..((row + 1) * (length - keep))].Select(i => (int)i).ToArray(), $"row {row}");
                }
            }
        }
        new DropPolicy(new()).SelectRows([], 5, table, [], []);
        new DropPolicy(new()).SelectRows([], 0, table, [], []);
    }

    [TestMethod]
    [DataRow(0, 0.5, null, 0)]
    [DataRow(1, 0.5, null, 1)]
    [DataRow(5, 0.5, null, 3)]
    [DataRow(512, 0.5, null, 256)]
    [DataRow(10, 0.9, null, 9)]
    [DataRow(100, 0.07, null, 7)]
    [DataRow(100, 1.0, null, 100)]
    [DataRow(512, 0.5, 300, 300)]
    [DataRow(40, 0.5, 300, 40)]
    [DataRow(40, 0.5, 0, 0)]
    [DataRow(3, 1e-7, null, 1)]
    public void Ratio_and_count_say_how_many_are_kept(int length, double ratio, int? count, int kept) =>
        Assert.AreEqual(kept, new DropPolicy(new() { KeepRatio = ratio, KeepCount = count }).KeepCount(new int[3 * length], length));

    [TestMethod]
    public void More_pinned_tokens_than_are_kept_are_refused_kept_or_dropped()
    {
        int[] ids = [1, 7, 2, 3, 8, 2];
        float[] table = new float[10];
        DropRule rule = new() { PinnedIds = [1, 2, 3], KeepCount = 2 };
        string message = Assert.Throws<InvalidDataException>(() => Select(rule, ids, table)).Message;
        StringAssert.Contains(message, "Row 0 has 4 tokens that are always kept");
        StringAssert.Contains(message, "raise KeepCount to 4");
        message = Assert.Throws<InvalidDataException>(() => Select(rule with { KeepCount = null, PinnedOverflow = PinnedOverflow.Refuse }, ids, table)).Message;
        StringAssert.Contains(message, "3 of its 6 tokens are to be kept: raise KeepRatio to 0.67,");
        Assert.AreEqual(4, new DropPolicy(rule with { KeepCount = null }).KeepCount(ids, 6));
        message = Assert.Throws<InvalidDataException>(() => new DropPolicy(rule with { KeepCount = null }).Select(ids, table, new int[3], new int[3])).Message;
        StringAssert.Contains(message, "make room for as many as DropPolicy.KeepCount says");
        CollectionAssert.AreEqual(new[] { 0, 2, 3, 5 }, Select(rule with { PinnedOverflow = PinnedOverflow.KeepMore }, ids, table).Selected);
        CollectionAssert.AreEqual(new[] { 0, 2 }, Select(rule with { PinnedOverflow = PinnedOverflow.Drop }, ids, table).Selected);

        int[] batch = [7, 8, 7, 8, 7, 8, .. ids];
        message = Assert.Throws<InvalidDataException>(() => new DropPolicy(rule).SelectRows(batch, 6, table, new long[4], new long[8], firstRow: 40)).Message;
        StringAssert.Contains(message, "Row 41 has 4 tokens");
        Assert.AreEqual(4, new DropPolicy(rule with { PinnedOverflow = PinnedOverflow.KeepMore }).KeepCount(batch, 6));
        Assert.AreEqual(2, new DropPolicy(rule).KeepCount(batch, 6));
    }

    [TestMethod]
    public void Tables_that_are_not_finite_do_not_outrank_pinned_tokens()
    {
        float[] table = [float.PositiveInfinity, float.NaN, float.NegativeInfinity, 5, 0, 0];
        (int[] selected, int[] unselected) = Select(new() { PinnedIds = [4], DeniedIds = [5], KeepCount = 3 }, [5, 2, 1, 3, 0, 4], table);
        CollectionAssert.AreEqual(new[] { 5, 4, 3 }, selected);
        CollectionAssert.AreEqual(new[] { 1, 2, 0 }, unselected);
    }

    [TestMethod]
    public void Random_scores_are_what_another_program_made_of_the_definition()
    {
        // Computed by a Python program of the formulas in docs/masking.md.
        int[] row = [2, .. Enumerable.Range(10, 20), 3, 0, 0], selected = new int[12], unselected = new int[12];
        new DropPolicy(new() { PinnedIds = [2, 3, 4], DeniedIds = [0], Seed = 7 }).Select(row, MaskPolicy.RowHash(row), 5, selected, unselected);
        CollectionAssert.AreEqual(new[] { 0, 21, 13, 9, 20, 7, 3, 1, 10, 8, 16, 15 }, selected);
        CollectionAssert.AreEqual(new[] { 17, 18, 5, 12, 6, 2, 4, 11, 14, 19, 22, 23 }, unselected);
    }

    [TestMethod]
    public void Random_choice_keeps_every_place_equally_often_whatever_is_masked()
    {
        const int rows = 20_000, length = 20;
        var mask = new MaskPolicy(new() { Rate = 0.5 }, new MaskVocabulary(40, 4));
        var drop = new DropPolicy(new());
        int[] ids = [.. Enumerable.Repeat(17, length)], inputs = new int[length], labels = new int[length], selected = new int[10], unselected = new int[10];
        int[] kept = new int[length];
        int both = 0;
        for (int row = 0; row < rows; row++)
        {
            mask.Apply(ids, (ulong)row, 0, inputs, labels);
            drop.Select(ids, (ulong)row, 0, selected, unselected);
            foreach (int place in selected)
            {
                kept[place]++;
                both += labels[place] >= 0 ? 1 : 0;
            }
        }
        foreach (int count in kept)
            Assert.AreEqual(rows / 2, count, 5 * Math.Sqrt(rows / 4.0));
        // Of ten kept tokens five are predicted, with the variance of drawing without replacement.
        Assert.AreEqual(rows * 5, both, 5 * Math.Sqrt(rows * 10 * 0.25 * 10 / 19.0));
    }

    [TestMethod]
    public void Frequent_tokens_are_dropped_first_by_their_counts()
    {
        float[] table = DropPolicy.FrequencyTable([6, 0, 2]);
        Assert.AreEqual(-Math.Log(7.0 / 11), table[0], 1e-6);
        Assert.AreEqual(-Math.Log(1.0 / 11), table[1], 1e-6);
        Assert.AreEqual(-Math.Log(3.0 / 11), table[2], 1e-6);
        CollectionAssert.AreEqual(new[] { 1, 2 }, Select(new() { KeepCount = 2 }, [0, 1, 2], table).Selected);
        Assert.IsEmpty(DropPolicy.FrequencyTable([]));
    }

    [TestMethod]
    public void Special_tokens_of_a_tokenizer_are_pinned_and_its_padding_denied()
    {
        DropRule rule = DropRule.Of(new TokenColumnInfo(9, new Dictionary<string, int> { ["pad"] = 0, ["cls"] = 2, ["mask"] = 4 }, "", ""));
        CollectionAssert.AreEqual(new[] { 2, 4 }, rule.PinnedIds.ToArray());
        CollectionAssert.AreEqual(new[] { 0 }, rule.DeniedIds.ToArray());
        Assert.IsEmpty(DropRule.Of(new TokenColumnInfo(9, new Dictionary<string, int>(), "", "")).DeniedIds);
    }

    [TestMethod]
    public void Wrong_numbers_are_named()
    {
        var policy = new DropPolicy(new());
        float[] table = new float[5];
        (Action Act, string Part)[] wrong =
        [
            (() => policy.Select([1, 5], table, new int[1], new int[1]), "place 1 has the id 5, and the table has the scores of the ids in [0, 5)"),
            (() => policy.Select([1, -1], table, new int[1], new int[1]), "place 1 has the id -1"),
            (() => policy.Select([1, 2], table, new int[1], new int[2]), "1 selected and 2 other places of 2 tokens"),
            (() => policy.SelectRows([1, 2, 3], 2, table, new long[2], new long[1]), "3 tokens in rows of 2"),
            (() => policy.SelectRows([1, 2, 3, 4], 2, table, new long[3], new long[1]), "as many in each row"),
            (() => policy.SelectRows([1, 2, 3, 4], 2, [1UL], 0, new long[2], new long[2]), "1 hashes for 2 rows"),
            (() => policy.KeepCount([], -1), "length"),
            (() => _ = new DropRule { KeepRatio = 0 }, "KeepRatio must lie in (0, 1]"),
            (() => _ = new DropRule { KeepRatio = double.NaN }, "KeepRatio"),
            (() => _ = new DropRule { KeepCount = -1 }, "KeepCount must be at least 0"),
            (() => _ = new DropRule { PinnedIds = [-1] }, "PinnedIds holds -1"),
            (() => _ = new DropRule { PinnedIds = [int.MaxValue] }, "PinnedIds holds 2147483647"),
            (() => _ = new DropRule { PinnedOverflow = (PinnedOverflow)9 }, "PinnedOverflow"),
            (() => _ = new DropPolicy(new() { PinnedIds = [1], DeniedIds = [1] }), "id 1 is in PinnedIds and in DeniedIds"),
        ];
        foreach ((Action act, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(act, part).Message, part);
    }

    private static (int[] Selected, int[] Unselected) Select(DropRule rule, int[] ids, float[] table)
    {
        var policy = new DropPolicy(rule);
        int keep = policy.KeepCount(ids, ids.Length);
        int[] selected = new int[keep], unselected = new int[ids.Length - keep];
        policy.Select(ids, table, selected, unselected);
        return (selected, unselected);
    }
}
