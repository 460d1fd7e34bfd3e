using MLNetExt.Columns;
using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class HashingBagTowerTests
{
    private const string Column = "Text";
    private static readonly HashingBagTowerOptions s_options = new(Bits: 12, Width: 16, EmbeddingSize: 8, HiddenSizes: [12]);

    [TestMethod]
    [DataRow("", "", true)]
    [DataRow("", " ... !", true)]
    [DataRow("Red cat", "red  CAT!", true)]
    [DataRow("ΓΑΤΑ", "γατα", true)]
    [DataRow("red cat", "cat red", false)]
    [DataRow("red cat", "red car", false)]
    [DataRow("", "a", false)]
    public void Texts_of_the_same_words_in_the_same_order_are_one(string left, string right, bool isSame)
    {
        using var scope = NewDisposeScope();
        Tensor rows = HashedText.Rows([left, right], 16, CPU).ToDense();
        Assert.AreEqual(isSame, rows[0].Equals(rows[1]));
    }

    [TestMethod]
    public void A_text_without_a_word_has_the_last_slot()
    {
        using var scope = NewDisposeScope();
        SparseRows rows = HashedText.Rows(["?"], 4, CPU);
        Assert.AreEqual(17, rows.Width);
        CollectionAssert.AreEqual(new long[] { 16 }, rows.Indices.data<long>().ToArray());
        CollectionAssert.AreEqual(new[] { 1f }, rows.Values.data<float>().ToArray());
    }

    [TestMethod]
    // <cat>, <ca, <cat, cat, cat>, at>
    [DataRow("cat", 6)]
    [DataRow("a", 1)]
    [DataRow("a a", 2)]
    [DataRow("a b", 3)]
    // Those six, <a>, and the pairs cat a and a cat.
    [DataRow("cat a cat", 9)]
    public void Words_pairs_and_runs_of_characters_are_counted(string text, int distinct)
    {
        using var scope = NewDisposeScope();
        SparseRows rows = HashedText.Rows([text], 24, CPU);
        Assert.AreEqual(distinct, (int)rows.Indices.shape[0]);
        Assert.AreEqual(1.0, rows.Values.norm().ToDouble(), 1e-6);
        long[] slots = [.. rows.Indices.data<long>()];
        CollectionAssert.AreEqual(slots.Order().ToArray(), slots);
    }

    [TestMethod]
    public void The_hash_never_changes()
    {
        using var scope = NewDisposeScope();
        // FNV-1a of '<', 'a', '>' as four little-endian bytes each, its halves folded; computed apart, in Python.
        CollectionAssert.AreEqual(new long[] { 4283 }, HashedText.Rows(["a"], 16, CPU).Indices.data<long>().ToArray());
    }

    [TestMethod]
    public void Broken_surrogates_end_a_word_and_marks_do_not()
    {
        using var scope = NewDisposeScope();
        Tensor rows = HashedText.Rows(["a\uD83Db", "a b", "हिन्दी", "ह न द"], 20, CPU).ToDense();
        Assert.IsTrue(rows[0].Equals(rows[1]));
        Assert.IsFalse(rows[2].Equals(rows[3]));
    }

    [TestMethod]
    [DataRow(new int[0])]
    [DataRow(new[] { 12 })]
    public void It_keeps_to_what_every_tower_keeps_to(int[] hidden)
    {
        using var scope = NewDisposeScope();
        HashingBagTowerOptions options = s_options with { HiddenSizes = hidden, Dropout = hidden.Length == 0 ? 0 : 0.2 };
        Tower Create(Generator generator) => new HashingBagTower(options, generator);
        using var generator = new Generator(1);
        using Tower tower = Create(generator);
        string[] words = ["red", "cat", "house", "on", "the", "hill"];
        var random = new Random(1);
        string[] texts = [.. Enumerable.Range(0, 256).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(6)).Select(_ => words[random.Next(6)])))];
        TowerAssert.Counts(tower, options.WeightCount);
        TowerAssert.SeedDecides(Create, Batch(texts), Column);
        TowerAssert.GradientReachesEveryWeight(tower, Batch(texts), Column);
        TowerAssert.LeavesNothingBehind(tower, Batch(texts[..4]), Column);
        TowerAssert.BlocksDoNotMatter(tower, Column, 256, (start, count) => Batch(texts[start..(start + count)]));
    }

    [TestMethod]
    public void Any_text_has_an_embedding_with_a_direction()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new HashingBagTower(s_options, generator);
        Tensor embeddings = tower.Forward(Batch(["", "cat", string.Join(' ', Enumerable.Range(0, 2000))]), Column);
        CollectionAssert.AreEqual(new long[] { 3, 8 }, embeddings.shape);
        Assert.IsTrue(embeddings.isfinite().all().ToBoolean());
        Assert.IsGreaterThan(0.1, embeddings.norm(1).min().ToDouble());
    }

    [TestMethod]
    public void Impossible_shapes_are_named()
    {
        using var generator = new Generator(1);
        void Fails(HashingBagTowerOptions options, string message) => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new HashingBagTower(options, generator)).Message, message);

        Fails(s_options with { Bits = 25 }, "Bits is 25");
        Fails(s_options with { Width = 0 }, "Width is 0");
        Fails(s_options with { EmbeddingSize = 0 }, "EmbeddingSize is 0");
        Fails(s_options with { HiddenSizes = [0] }, "HiddenSizes is [0]");
    }

    private static TensorBatch Batch(string[] texts) => new(
        texts.Length, new Dictionary<string, Tensor>(), texts: new Dictionary<string, ArraySegment<string>> { [Column] = texts });
}
