using System.Text.Json;
using MLNetExt.Columns;
using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class ResNetTowerTests
{
    private static readonly ResNetOptions s_options = new(Height: 12, Width: 17, BaseWidth: 8, EmbeddingSize: 5);

    [TestMethod]
    [DataRow(28, 28, 2, new[] { 8, 16, 32 })]
    [DataRow(28, 28, 1, new[] { 8, 16, 32, 64 })]
    [DataRow(4, 4, 1, new[] { 8 })]
    [DataRow(1, 1, 2, new[] { 8 })]
    [DataRow(3, 33, 1, new[] { 8, 16, 32, 64, 64 })]
    [DataRow(128, 96, 2, new[] { 8, 16, 32, 64, 64 })]
    public void Stages_halve_the_image_until_it_is_at_most_4_high_and_wide(int height, int width, int stemStride, int[] expected)
    {
        using var scope = NewDisposeScope();
        ResNetOptions options = s_options with { Height = height, Width = width, StemStride = stemStride };
        CollectionAssert.AreEqual(expected, options.StageWidths().ToArray());
        using ResNetTower tower = Create(options);
        CollectionAssert.AreEqual(new long[] { 3, 5 }, tower.Forward(RandomImages.Batch(3, height, width, seed: 1), "Image").shape);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 2)]
    [DataRow(3, 2)]
    public void Options_know_the_number_of_weights(int blocks, int stemStride)
    {
        ResNetOptions options = s_options with { BlocksPerStage = blocks, StemStride = stemStride };
        using ResNetTower tower = Create(options);
        Assert.AreEqual(tower.parameters().Sum(p => p.numel()), (long)options.WeightCount);
        Assert.AreEqual(315_232, (long)new ResNetOptions(28, 28).WeightCount);
    }

    [TestMethod]
    public void Options_of_impossible_size_are_counted_without_overflow() =>
        Assert.IsGreaterThan((Int128)long.MaxValue, new ResNetOptions(64, 64, BaseWidth: 1 << 27, BlocksPerStage: int.MaxValue).WeightCount);

    [TestMethod]
    public void Options_survive_json() =>
        Assert.AreEqual(s_options with { Flip = true, Shift = 3 }, JsonSerializer.Deserialize<ResNetOptions>(JsonSerializer.Serialize(s_options with { Flip = true, Shift = 3 })));

    [TestMethod]
    public void A_row_is_the_same_alone_and_among_others()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using ResNetTower tower = Create(s_options);
        tower.eval();
        TensorBatch batch = RandomImages.Batch(130, 12, 17, seed: 2, missing: [4, 66]);
        Tensor whole = tower.Forward(batch, "Image");
        foreach (int size in new[] { 1, 7, 64 })
        {
            Tensor parts = cat([.. Enumerable.Range(0, (130 + size - 1) / size).Select(i => tower.Forward(batch.Slice(i * size, Math.Min(size, 130 - i * size)), "Image"))]);
            Assert.IsTrue(parts.isnan().eq(whole.isnan()).all().ToBoolean());
            Assert.IsLessThan(1e-5, (parts - whole).nan_to_num(0).abs().max().ToDouble(), $"blocks of {size}");
        }
    }

    [TestMethod]
    public void A_missing_image_is_NaN_in_its_row_alone_and_leaves_the_gradient_finite()
    {
        using var scope = NewDisposeScope();
        using ResNetTower tower = Create(s_options);
        TensorBatch batch = RandomImages.Batch(6, 12, 17, seed: 3, missing: [1, 4]);
        Tensor embeddings = tower.Forward(batch, "Image");
        CollectionAssert.AreEqual(new[] { false, true, false, false, true, false }, embeddings.isnan().all(1).data<bool>().ToArray());
        Assert.AreEqual(10, embeddings.isnan().sum().ToInt64());

        float[] Gradient(Tensor loss)
        {
            tower.zero_grad();
            loss.backward();
            return [.. tower.parameters().SelectMany(p => p.grad!.data<float>().ToArray())];
        }

        Tensor present = tensor(new long[] { 0, 2, 3, 5 });
        float[] among = Gradient(embeddings.index_select(0, present).square().sum());
        float[] alone = Gradient(tower.Forward(RandomImages.Of(batch.Images("Image").Pixels.index_select(0, present)), "Image").square().sum());
        float largest = alone.Max(Math.Abs);
        for (int i = 0; i < alone.Length; i++)
            Assert.AreEqual(alone[i], among[i], 1e-5 * largest);
    }

    [TestMethod]
    public void The_gradient_reaches_every_weight()
    {
        using var scope = NewDisposeScope();
        using ResNetTower tower = Create(s_options with { BlocksPerStage = 2, Flip = true, Shift = 2, Dropout = 0.1 });
        tower.Forward(RandomImages.Batch(32, 12, 17, seed: 4), "Image").square().sum().backward();
        foreach ((string name, TorchSharp.Modules.Parameter weight) in tower.named_parameters())
        {
            Assert.IsNotNull(weight.grad, name);
            Assert.IsTrue(weight.grad.isfinite().all().ToBoolean(), name);
            Assert.IsGreaterThan(0, weight.grad.abs().sum().ToDouble(), name);
        }
    }

    [TestMethod]
    public void The_seed_decides_weights_and_augmentation_and_a_saved_generator_repeats_it()
    {
        using var scope = NewDisposeScope();
        TensorBatch batch = RandomImages.Batch(8, 12, 17, seed: 5);
        using Tensor global = get_rng_state();

        (float[] First, float[] Second, float[] Replayed, float[] Evaluated) Run(ulong seed)
        {
            using var generator = new Generator(seed);
            using var tower = new ResNetTower(s_options with { Flip = true, Shift = 2, Dropout = 0.2 }, ImageScaler.Fixed(), generator);
            Tensor state = generator.get_state();
            float[] first = Values(tower.Forward(batch, "Image")), second = Values(tower.Forward(batch, "Image"));
            generator.set_state(state);
            float[] replayed = Values(tower.Forward(batch, "Image"));
            tower.eval();
            float[] evaluated = Values(tower.Forward(batch, "Image"));
            CollectionAssert.AreEqual(evaluated, Values(tower.Forward(batch, "Image")));
            return (first, second, replayed, evaluated);
        }

        var (first, second, replayed, evaluated) = Run(1);
        CollectionAssert.AreEqual(first, Run(1).First);
        CollectionAssert.AreNotEqual(first, Run(2).First);
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, replayed);
        CollectionAssert.AreNotEqual(first, evaluated);
        using Tensor after = get_rng_state();
        Assert.IsTrue(global.eq(after).all().ToBoolean(), "the global generator was drawn from");
    }

    [TestMethod]
    public void The_state_holds_weights_and_scaler()
    {
        using var scope = NewDisposeScope();
        TensorBatch batch = RandomImages.Batch(4, 12, 17, seed: 6);
        using var generator = new Generator(1);
        using var tower = new ResNetTower(s_options, new ImageScaler(tensor(new[] { 0.5f, 0.4f, 0.3f }), tensor(new[] { 0.2f, 0.3f, 0.4f })), generator);
        using ResNetTower other = Create(s_options, seed: 2);
        CollectionAssert.AreNotEqual(Values(tower.Forward(batch, "Image")), Values(other.Forward(batch, "Image")));
        other.load_state_dict(tower.state_dict());
        CollectionAssert.AreEqual(Values(tower.Forward(batch, "Image")), Values(other.Forward(batch, "Image")));
        Assert.HasCount(tower.parameters().Count() + 2, tower.state_dict().Keys);
    }

    [TestMethod]
    public void The_signal_keeps_its_size_through_many_blocks()
    {
        using var scope = NewDisposeScope();
        using ResNetTower tower = Create(s_options with { BaseWidth = 32, BlocksPerStage = 4, EmbeddingSize = 64 });
        double deviation = tower.Forward(RandomImages.Batch(32, 12, 17, seed: 7), "Image").square().mean().sqrt().ToDouble();
        Assert.IsTrue(deviation is > 0.1 and < 3, $"{deviation}");
    }

    [TestMethod]
    public void Images_of_another_size_are_refused_with_the_column()
    {
        using var scope = NewDisposeScope();
        using ResNetTower tower = Create(s_options);
        string message = Assert.ThrowsExactly<ArgumentException>(() => tower.Forward(RandomImages.Batch(1, 17, 12, seed: 1), "Image")).Message;
        foreach (string part in new[] { "'Image'", "images of 12 x 17 pixels", "made for 17 x 12" })
            StringAssert.Contains(message, part);
    }

    [TestMethod]
    public void Impossible_options_are_named()
    {
        foreach ((ResNetOptions options, string name) in new[]
        {
            (s_options with { Height = 0 }, "Height"),
            (s_options with { Width = 0 }, "Width"),
            (s_options with { BaseWidth = 12 }, "BaseWidth"),
            (s_options with { BaseWidth = 0 }, "BaseWidth"),
            (s_options with { BaseWidth = 1 << 28 }, "BaseWidth"),
            (s_options with { BlocksPerStage = 0 }, "BlocksPerStage"),
            (s_options with { EmbeddingSize = 0 }, "EmbeddingSize"),
            (s_options with { StemStride = 0 }, "StemStride"),
            (s_options with { Shift = -1 }, "Shift"),
            (s_options with { Dropout = double.NaN }, "Dropout"),
        })
        {
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => Create(options)).Message, name);
        }
    }

    [TestMethod]
    public void A_forward_pass_leaves_one_tensor()
    {
        TensorBatch batch = RandomImages.Batch(4, 12, 17, seed: 8);
        using var generator = new Generator(1);
        using var tower = new ResNetTower(s_options with { Flip = true, Shift = 2, Dropout = 0.1 }, new ImageScaler(tensor(new[] { 0.5f, 0.4f, 0.3f }), tensor(new[] { 0.2f, 0.3f, 0.4f })), generator);
        using var noGradients = no_grad();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var scope = NewDisposeScope();
        tower.Forward(batch, "Image");
        Assert.AreEqual(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static ResNetTower Create(ResNetOptions options, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        return new ResNetTower(options, ImageScaler.Fixed(), generator);
    }

    private static float[] Values(Tensor tensor) => [.. tensor.data<float>()];
}
