using MLNetExt.Columns;
using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class TextTowerTests
{
    private static readonly TransformerOptions s_blocks = new(Width: 16, Layers: 2, Heads: 4);
    private static readonly TextTowerOptions s_options = new(VocabularySize: 50, MaxTokens: 12, EmbeddingSize: 10, s_blocks);

    [TestMethod]
    [DataRow(Pooling.Mean, NormPlacement.Pre, false, null)]
    [DataRow(Pooling.Mean, NormPlacement.Post, false, 10_000.0)]
    [DataRow(Pooling.First, NormPlacement.Pre, false, null)]
    [DataRow(Pooling.Last, NormPlacement.Pre, true, 10_000.0)]
    public void A_row_is_the_same_alone_and_among_rows_of_any_number_and_length(object pooling, object norm, bool causal, double? theta)
    {
        using var scope = NewDisposeScope();
        var options = s_options with { Pooling = (Pooling)pooling, Transformer = s_blocks with { Norm = (NormPlacement)norm, IsCausal = causal, RotaryTheta = theta } };
        using var generator = new Generator(1);
        using var tower = new TextTower(options, generator);
        long[][] rows = TokenBatch.Random(256, 12, 50, seed: 2);
        Assert.IsTrue(rows.Any(r => r.Length == 0), "no empty row among them");
        CollectionAssert.AreEqual(new long[] { 256, 10 }, Embed(tower, rows).shape);
        TowerAssert.BlocksDoNotMatter(tower, TokenBatch.Column, 256, (start, count) => TokenBatch.Of(rows[start..(start + count)]));
    }

    [TestMethod]
    public void Empty_rows_have_an_embedding_of_their_own()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new TextTower(s_options, generator);
        Tensor embeddings = Embed(tower, [[], [0], [3, 4], []]);
        Assert.IsTrue(embeddings.isfinite().all().ToBoolean());
        Assert.IsGreaterThan(0.01, embeddings.norm(1).min().ToDouble());
        Assert.IsTrue(embeddings[0].allclose(embeddings[3]));
        Assert.IsFalse(embeddings[0].allclose(embeddings[1]), "an empty row is not the token 0");
        Assert.IsTrue(embeddings[0].allclose(Embed(tower, [[]])[0], 1e-5, 1e-6), "alone and among others");
    }

    [TestMethod]
    public void Longer_rows_are_cut()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new TextTower(s_options, generator);
        long[] twelve = [.. Enumerable.Range(1, 12).Select(i => (long)i)];
        Tensor cut = Embed(tower, [[.. twelve, 44, 45]]), whole = Embed(tower, [twelve]);
        Assert.IsTrue(cut.allclose(whole, 1e-5, 1e-6));
    }

    [TestMethod]
    [DataRow(50L)]
    [DataRow(-1L)]
    public void An_id_outside_the_vocabulary_is_named(long id)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new TextTower(s_options, generator);
        var error = Assert.ThrowsExactly<ArgumentException>(() => Embed(tower, [[1, 2], [1, id], [id]]));
        StringAssert.Contains(error.Message, $"Column 'Tokens' holds the token id {id} in row 1 of the block, but the network's vocabulary has 50 tokens, 0 to 49");
    }

    [TestMethod]
    [DataRow(Pooling.Mean)]
    [DataRow(Pooling.First)]
    [DataRow(Pooling.Last)]
    public void The_gradient_reaches_every_weight(object pooling)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new TextTower(s_options with { Pooling = (Pooling)pooling, Transformer = s_blocks with { Dropout = 0.1 } }, generator);
        TowerAssert.GradientReachesEveryWeight(tower, TokenBatch.Of([.. TokenBatch.Random(64, 12, 50, seed: 3), []]), TokenBatch.Column);
    }

    [TestMethod]
    [DataRow(NormPlacement.Pre)]
    [DataRow(NormPlacement.Post)]
    public void Options_know_the_number_of_weights(object norm)
    {
        using var generator = new Generator(1);
        TextTowerOptions options = s_options with { Transformer = s_blocks with { Norm = (NormPlacement)norm, FeedForwardWidth = 24 } };
        using var tower = new TextTower(options, generator);
        TowerAssert.Counts(tower, options.WeightCount);
    }

    [TestMethod]
    public void The_seed_decides_weights_and_dropout_and_nothing_is_left_behind()
    {
        TextTowerOptions options = s_options with { Transformer = s_blocks with { Dropout = 0.3, RotaryTheta = 100, IsCausal = true } };
        using var scope = NewDisposeScope();
        TensorBatch batch = TokenBatch.Of([1, 2, 3], [], [4]);
        TowerAssert.SeedDecides(generator => new TextTower(options, generator), batch, TokenBatch.Column);
        using var generator = new Generator(1);
        using var tower = new TextTower(options, generator);
        TowerAssert.LeavesNothingBehind(tower, batch, TokenBatch.Column);
    }

    [TestMethod]
    public void A_saved_generator_repeats_the_dropout()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var tower = new TextTower(s_options with { Transformer = s_blocks with { Dropout = 0.3 } }, generator);
        long[][] rows = TokenBatch.Random(8, 12, 50, seed: 4);
        Tensor state = generator.get_state();
        Tensor first = Embed(tower, rows), second = Embed(tower, rows);
        generator.set_state(state);
        Assert.IsTrue(first.Equals(Embed(tower, rows)));
        Assert.IsFalse(first.Equals(second));
    }

    [TestMethod]
    public void Weights_go_to_another_tower_by_name()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using TextTower one = new(s_options, generator), other = new(s_options, generator);
        long[][] rows = TokenBatch.Random(4, 12, 50, seed: 5);
        Assert.IsFalse(Embed(one, rows).allclose(Embed(other, rows)));
        using (no_grad())
        {
            foreach ((string name, Tensor weight) in other.state_dict())
                weight.copy_(one.state_dict()[name]);
        }

        Assert.IsTrue(Embed(one, rows).allclose(Embed(other, rows)));
    }

    private static Tensor Embed(TextTower tower, long[][] rows) => tower.Forward(TokenBatch.Of(rows), TokenBatch.Column);
}
