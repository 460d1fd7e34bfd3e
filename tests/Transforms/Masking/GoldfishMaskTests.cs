using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

[TestClass]
public sealed class GoldfishMaskTests
{
    [TestMethod]
    [DataRow(GoldfishStrategy.Hash)]
    [DataRow(GoldfishStrategy.ReferenceHash)]
    public void Random_rows_are_masked_as_the_definition_says(GoldfishStrategy strategy)
    {
        var random = new Random(5);
        for (int trial = 0; trial < 300; trial++)
        {
            int[] ids = [.. Enumerable.Range(0, random.Next(0, 150)).Select(_ => random.Next(10) == 0 ? 2 : random.Next(-1, trial % 3 == 0 ? 6 : 50_000))];
            long document = 0;
            long[] documents = random.Next(2) == 0 ? [] : [.. ids.Select(_ => document += random.Next(20) == 0 ? 1 : 0)];
            var rule = new GoldfishRule
            {
                Strategy = strategy,
                K = random.Next(1, 7),
                H = random.Next(1, 20),
                IncludeTarget = random.Next(2) == 0,
                FirstIsTarget = random.Next(2) == 0,
                IgnoreId = random.Next(2) == 0 ? -1 : null,
                EndOfDocumentId = random.Next(2) == 0 ? 2 : null,
                ExemptIds = random.Next(2) == 0 ? [2, 5] : [],
            };
            var keep = new float[ids.Length];
            new GoldfishMask(rule).Fill(ids, keep, documents);
            CollectionAssert.AreEqual(GoldfishOracle.Mask(rule, ids, documents), keep, $"trial {trial}: {rule}, {ids.Length} tokens");
        }
    }

    [TestMethod]
    [DataRow(GoldfishStrategy.Hash, 0.01)]
    [DataRow(GoldfishStrategy.ReferenceHash, 0.03)]
    [DataRow(GoldfishStrategy.Random, 0.01)]
    [DataRow(GoldfishStrategy.Static, 0.001)]
    public void One_of_k_tokens_is_dropped(GoldfishStrategy strategy, double tolerance)
    {
        var random = new Random(1);
        // Odd ids: even ones make the reference's products collapse.
        int[] ids = [.. Enumerable.Range(0, 40_000).Select(_ => (2 * random.Next(16_000)) + 1)];
        foreach (int k in new[] { 2, 3, 4, 8 })
        {
            var keep = new float[ids.Length];
            new GoldfishMask(new() { Strategy = strategy, K = k }).Fill(ids, keep);
            Assert.AreEqual(1.0 / k, 1 - keep.Average(), tolerance, $"k = {k}");
        }
    }

    [TestMethod]
    [DataRow(GoldfishStrategy.Hash)]
    [DataRow(GoldfishStrategy.ReferenceHash)]
    [DataRow(GoldfishStrategy.Static)]
    [DataRow(GoldfishStrategy.Random)]
    public void Short_rows_and_extreme_numbers_do_no_harm(GoldfishStrategy strategy)
    {
        foreach (int length in new[] { 0, 1, 2, 12, 13 })
        {
            var keep = new float[length];
            new GoldfishMask(new() { Strategy = strategy, Start = 1 << 20 }).Fill(new int[length], keep);
            if (strategy != GoldfishStrategy.Random)
                Assert.IsTrue(keep.All(x => x == 1), $"{length} tokens, h = 13");
        }
        var mask = new float[200];
        new GoldfishMask(new() { Strategy = strategy, H = int.MaxValue, K = int.MaxValue, Start = int.MaxValue, Seed = long.MinValue }).Fill(new int[200], mask);
        Assert.IsTrue(mask.All(x => x == 1), "k and h as large as can be");
    }

    [TestMethod]
    public void Without_the_target_every_continuation_of_a_context_is_dropped_or_none()
    {
        int[] context = [4, 8, 15, 16, 23, 42, 7, 9, 11, 13, 17, 19, 29];
        bool[] WithTarget(bool includeTarget) => [.. Enumerable.Range(100, 64).Select(last =>
        {
            var keep = new float[15];
            new GoldfishMask(new() { IncludeTarget = includeTarget, K = 2 }).Fill([1, .. context, last], keep);
            return keep[14] == 0;
        })];
        Assert.HasCount(1, WithTarget(includeTarget: false).Distinct());
        Assert.HasCount(2, WithTarget(includeTarget: true).Distinct());
    }

    [TestMethod]
    public void Static_counts_targets_from_the_second_token()
    {
        var keep = new float[8];
        new GoldfishMask(new() { Strategy = GoldfishStrategy.Static, K = 3, Start = 1 }).Fill(new int[8], keep);
        CollectionAssert.AreEqual(new float[] { 1, 1, 0, 1, 1, 0, 1, 1 }, keep);
    }

    [TestMethod]
    public void Random_masks_differ_by_step_row_and_seed()
    {
        string Draw(long seed, long step, long row)
        {
            var keep = new float[64];
            GoldfishMask.FillRandom(keep, 4, seed, step, row * 64);
            return string.Concat(keep.Select(x => (int)x));
        }
        string[] masks = [Draw(1, 0, 0), Draw(1, 1, 0), Draw(1, 0, 1), Draw(2, 0, 0)];
        Assert.HasCount(4, masks.Distinct());
        Assert.AreEqual(masks[0], Draw(1, 0, 0));
    }

    [TestMethod]
    public void Wrong_numbers_are_named()
    {
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new GoldfishRule { K = 0 }).Message, "K must be at least 1");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new GoldfishRule { H = 0 }).Message, "H must be at least 1");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new GoldfishRule { Start = -1 }).Message, "Start must be at least 0");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new GoldfishRule { Strategy = (GoldfishStrategy)9 }).Message, "Strategy");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new GoldfishMask(new()).Fill(new int[3], new float[2])).Message, "2 entries for 3 tokens");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => new GoldfishMask(new()).Fill(new int[3], new float[3], new long[4])).Message, "4 document ids for 3 tokens");
        Assert.Throws<ArgumentException>(() => GoldfishMask.FillRandom(new float[2], 0, 1, 0, 0));
    }
}
