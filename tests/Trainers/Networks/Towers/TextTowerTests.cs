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
        tower.eval();
        using var noGradients = no_grad();
        long[][] rows = TokenBatch.Random(256, 12, 50, seed: 2);
        Tensor whole = Embed(tower, rows);
        CollectionAssert.AreEqual(new long[] { 256, 10 }, whole.shape);
        Assert.IsTrue(rows.Any(r => r.Length == 0), "no empty row among them");

        foreach (int size in new[] { 1, 7 })
        {
            Tensor parts = cat([.. rows.Chunk(size).Select(r => Embed(tower, r))]);
            Assert.IsLessThan(1e-5, (parts - whole).abs().max().ToDouble(), $"blocks of {size}");
        }
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
        var error = Assert.ThrowsExactly<ArgumentException>(() => Embed(tower, [[1, id]]));
        StringAssert.Contains(error.Message, $"Column 'Tokens' holds the token id {id}: the tower's vocabulary has 50 tokens");
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
        Embed(tower, [.. TokenBatch.Random(64, 12, 50, seed: 3), []]).square().sum().backward();
        foreach ((string name, TorchSharp.Modules.Parameter weight) in tower.named_parameters())
        {
            Assert.IsNotNull(weight.grad, name);
            Assert.IsTrue(weight.grad.isfinite().all().ToBoolean(), name);
            Assert.IsGreaterThan(0, weight.grad.abs().sum().ToDouble(), name);
        }
    }

    [TestMethod]
    [DataRow(NormPlacement.Pre)]
    [DataRow(NormPlacement.Post)]
    public void Options_know_the_number_of_weights(object norm)
    {
        using var generator = new Generator(1);
        TextTowerOptions options = s_options with { Transformer = s_blocks with { Norm = (NormPlacement)norm, FeedForwardWidth = 24 } };
        using var tower = new TextTower(options, generator);
        Assert.AreEqual(tower.parameters().Sum(p => p.numel()), (long)options.WeightCount);
        Assert.HasCount(tower.parameters().Count(), tower.state_dict().Keys);
    }

    [TestMethod]
    public void The_seed_decides_weights_and_dropout_and_a_saved_generator_repeats_it()
    {
        using var scope = NewDisposeScope();
        TextTowerOptions options = s_options with { Transformer = s_blocks with { Dropout = 0.3 } };
        long[][] rows = TokenBatch.Random(8, 12, 50, seed: 4);

        (float[] First, float[] Second, float[] Replayed) Run(ulong seed)
        {
            using var generator = new Generator(seed);
            using var tower = new TextTower(options, generator);
            Tensor state = generator.get_state();
            float[] first = Values(Embed(tower, rows)), second = Values(Embed(tower, rows));
            generator.set_state(state);
            return (first, second, Values(Embed(tower, rows)));
        }

        Tensor global = get_rng_state();
        var one = Run(1);
        Assert.IsTrue(global.Equals(get_rng_state()), "the global generator is left alone");
        CollectionAssert.AreEqual(one.First, one.Replayed);
        CollectionAssert.AreNotEqual(one.First, one.Second);
        CollectionAssert.AreEqual(one.First, Run(1).First);
        CollectionAssert.AreNotEqual(one.First, Run(2).First);
    }

    [TestMethod]
    public void Five_hundred_passes_leave_no_tensor_behind()
    {
        using var generator = new Generator(1);
        using var tower = new TextTower(s_options with { Transformer = s_blocks with { Dropout = 0.1, RotaryTheta = 100, IsCausal = true } }, generator);
        long[][] rows = [[1, 2, 3], [], [4]];
        long live = 0;
        for (int step = 0; step < 500; step++)
        {
            using (NewDisposeScope())
                Embed(tower, rows).sum().backward();
            if (step == 1)
                live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.AreEqual(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
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

    private static float[] Values(Tensor tensor) => [.. tensor.data<float>()];
}
