using System.Text.Json;
using MLNetExt.Networks;
using MLNetExt.Tests.Contract;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Low-rank adapters of decoders of every shape.</summary>
[TestClass]
public sealed class LowRankTests
{
    private static readonly LowRankShape s_all = new(Rank: 3, Alpha: 6, Dropout: 0, Attention: true, FeedForward: true);

    private static IEnumerable<object[]> Shapes => DecoderShapes.Names;

    private static IEnumerable<object[]> ShapesAndLayers =>
        from shape in DecoderShapes.Names
        from layers in new[] { (true, true), (true, false), (false, true) }
        select new object[] { shape[0], layers.Item1, layers.Item2 };

    [TestMethod]
    public void A_layer_computes_what_the_paper_writes()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(1);
        const int Inputs = 5, Outputs = 4, Rank = 2;
        const double Alpha = 3;
        using var layer = new LinearLayer(Inputs, Outputs, 0.5, generator);
        layer.AddAdapter(new LowRankShape(Rank, Alpha, 0, true, true), generator, new AdapterSwitch());
        Dictionary<string, Tensor> named = layer.state_dict();
        foreach (Tensor weight in named.Values)
            weight.normal_(0, 1, generator);
        double[,] w = Matrix(named["weight"]), a = Matrix(named["adapter.down"]), b = Matrix(named["adapter.up"]), x = Matrix(randn([2, Inputs], generator: generator));
        CollectionAssert.AreEqual(new[] { Inputs, Rank, Rank, Outputs }, new[] { a.GetLength(0), a.GetLength(1), b.GetLength(0), b.GetLength(1) });

        Tensor input = tensor(x).to(ScalarType.Float32), y = layer.forward(input);

        Assert.IsTrue(y.narrow(1, 1, Outputs - 1).allclose(layer.OutputsFrom(1, input), 0, 1e-6));
        for (int row = 0; row < 2; row++)
        {
            for (int o = 0; o < Outputs; o++)
            {
                double expected = named["bias"][o].ToDouble();
                for (int i = 0; i < Inputs; i++)
                {
                    double change = Enumerable.Range(0, Rank).Sum(r => a[i, r] * b[r, o]);
                    expected += x[row, i] * (w[i, o] + Alpha / Rank * change);
                }

                Assert.AreEqual(expected, y[row, o].ToDouble(), 1e-5);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(ShapesAndLayers))]
    public void An_adapted_network_starts_as_it_was_with_its_adapters_alone_to_train(string shape, bool attention, bool feedForward) => Run(shape, network =>
    {
        Tensor ids = Ids(), before = network.Hidden(ids);
        LowRankShape adapters = s_all with { Attention = attention, FeedForward = feedForward };
        string[] own = [.. network.state_dict().Keys];

        network.AddAdapters(adapters);

        Assert.IsTrue(before.Equals(network.Hidden(ids)));
        (string Name, Parameter Weight)[] trainable = [.. network.named_parameters().Where(p => p.parameter.requires_grad)];
        CollectionAssert.AreEquivalent(network.state_dict().Keys.Except(own).ToArray(), trainable.Select(t => t.Name).ToArray());
        Assert.AreEqual(adapters.WeightCount(network.Options.Transformer), (Int128)trainable.Sum(t => t.Weight.numel()));
        Assert.HasCount(2 * 2 * 2 * (attention && feedForward ? 2 : 1), trainable, "two weights of two layers in two blocks");
        Assert.AreEqual(attention, trainable.Any(t => t.Name.Contains(".attention.", StringComparison.Ordinal)));
        Assert.AreEqual(feedForward, trainable.Any(t => t.Name.Contains(".feedForward.", StringComparison.Ordinal)));
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void A_network_with_the_merged_weights_computes_the_same(string shape) => Run(shape, network =>
    {
        Tensor ids = Ids(), before = network.Hidden(ids);
        string[] own = [.. network.state_dict().Keys];
        CollectionAssert.AreEquivalent(own, network.MergedWeights().Keys, "without adapters");
        AddTrained(network);
        Tensor adapted = network.Hidden(ids);
        Assert.IsFalse(before.allclose(adapted, 0, 1e-2), "the adapters must change something");

        Dictionary<string, Tensor> merged = network.MergedWeights();

        CollectionAssert.AreEquivalent(own, merged.Keys);
        using var generator = new Generator(9);
        using var plain = new DecoderNetwork(network.Options, generator);
        plain.eval();
        foreach ((string name, Tensor weight) in plain.state_dict())
            weight.copy_(merged[name]);
        Assert.IsTrue(adapted.allclose(plain.Hidden(ids), 0, 1e-5));
        Assert.IsTrue(adapted.Equals(network.Hidden(ids)), "merging must leave the network as it is");
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Without_its_adapters_a_network_is_what_it_was(string shape) => Run(shape, network =>
    {
        Tensor ids = Ids(), before = network.Hidden(ids);
        AddTrained(network);
        Tensor adapted = network.Hidden(ids);
        using (network.WithoutAdapters())
            Assert.IsTrue(before.Equals(network.Hidden(ids)));
        Assert.IsTrue(adapted.Equals(network.Hidden(ids)));
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Only_adapters_have_gradients_and_recomputed_activations_give_the_same(string shape)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> Gradients(bool recompute)
        {
            using var generator = new Generator(3);
            using var network = new DecoderNetwork(DecoderShapes.Of(shape).With(t => t with { InitialDeviation = 0.2, Dropout = 0.2 }), generator) { RecomputesActivations = recompute };
            AddTrained(network, s_all with { Dropout = 0.3 });
            network.train();
            network.Logits(network.Hidden(Ids())).square().sum().backward();
            foreach ((string name, Parameter weight) in network.named_parameters())
                Assert.AreEqual(weight.requires_grad, weight.grad is not null, name);
            return network.named_parameters().Where(p => p.parameter.requires_grad).ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        }

        Dictionary<string, Tensor> kept = Gradients(false), recomputed = Gradients(true);
        foreach ((string name, Tensor gradient) in kept)
        {
            Assert.IsGreaterThan(0, gradient.abs().sum().ToDouble(), name);
            Assert.IsTrue(gradient.allclose(recomputed[name], 1e-5, 1e-6 * gradient.abs().max().ToDouble()), name);
        }
    }

    [TestMethod]
    public void A_seed_gives_the_adapters_A_keeps_the_size_of_its_inputs_and_B_is_0()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> Weights(ulong seed)
        {
            using var generator = new Generator(seed);
            using var network = new DecoderNetwork(DecoderOptions.Llama(20, 8, 256, 1, 4), generator);
            network.AddAdapters(s_all with { Rank = 16 });
            return network.state_dict().ToDictionary(w => w.Key, w => w.Value.clone());
        }

        Dictionary<string, Tensor> first = Weights(5), same = Weights(5), other = Weights(6);
        foreach ((string name, Tensor weight) in first)
            Assert.IsTrue(weight.Equals(same[name]), name);
        const string Layer = "transformer.blocks.0.feedForward.input.adapter.";
        Assert.IsFalse(first[Layer + "down"].Equals(other[Layer + "down"]));
        Assert.AreEqual(1.0 / 16, first[Layer + "down"].std().ToDouble(), 2e-3);
        Assert.AreEqual(0, first[Layer + "down"].mean().ToDouble(), 2e-3);
        Assert.AreEqual(0, first[Layer + "up"].abs().max().ToDouble());
    }

    [TestMethod]
    public void Inputs_of_adapters_are_dropped_in_training_alone() => Run("llama", network =>
    {
        AddTrained(network, s_all with { Dropout = 0.5 });
        Tensor ids = Ids(), scored = network.Hidden(ids);
        Assert.IsTrue(scored.Equals(network.Hidden(ids)));
        network.train();
        Assert.IsFalse(scored.allclose(network.Hidden(ids), 0, 1e-3));
    });

    [TestMethod]
    [DataRow("gpt2")]
    [DataRow("llama")]
    public void A_Hugging_Face_directory_has_the_merged_weights(string shape) => Run(shape, network =>
    {
        AddTrained(network);
        string path = Path.Combine(Directory.CreateTempSubdirectory("mlnetext-lora-").FullName, "model");
        try
        {
            ModelDirectoryWriter.Write(path, network, ModelFamilies.Decoders);
            using var generator = new Generator(2);
            using DecoderNetwork back = ModelDirectory.Open(path, ModelFamilies.Decoders).Load(generator);
            back.eval();
            Assert.IsNull(back.Adapters);
            Assert.IsTrue(network.Hidden(Ids()).allclose(back.Hidden(Ids()), 0, 1e-5));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    });

    [TestMethod]
    public void Adapters_leave_no_tensor_behind()
    {
        using var generator = new Generator(3);
        using var network = new DecoderNetwork(DecoderShapes.Of("llama"), generator);
        network.AddAdapters(s_all with { Dropout = 0.1 });
        void Step()
        {
            using var scope = NewDisposeScope();
            using (no_grad())
            using (network.WithoutAdapters())
                network.Hidden(Ids());
            network.Hidden(Ids()).square().sum().backward();
            network.MergedWeights();
        }

        Step();
        long before = LiveTensors.OfThisThread;
        for (int i = 0; i < 20; i++)
            Step();
        Assert.AreEqual(before, LiveTensors.OfThisThread);
    }

    [TestMethod]
    public void Impossible_adapters_are_named() => Run("llama", network =>
    {
        void Fails(LowRankShape shape, string message) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => network.AddAdapters(shape)).Message, message);

        Fails(s_all with { Rank = 0 }, "Rank is 0");
        Fails(s_all with { Alpha = 0 }, "Alpha is 0");
        Fails(s_all with { Alpha = double.NaN }, "Alpha is NaN");
        Fails(s_all with { Alpha = double.PositiveInfinity }, "Alpha is");
        Fails(s_all with { Dropout = 1 }, "Dropout is 1");
        Fails(s_all with { Attention = false, FeedForward = false }, "there would be no adapter");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(network.WithoutAdapters).Message, "has no adapters");
        network.AddAdapters(s_all);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => network.AddAdapters(s_all)).Message, "has adapters already");
    });

    [TestMethod]
    public void A_shape_comes_back_from_JSON_as_it_was()
    {
        LowRankShape shape = new(3, 1.5, 0.25, true, false);
        Assert.AreEqual(shape, JsonSerializer.Deserialize<LowRankShape>(JsonSerializer.Serialize(shape)));
    }

    /// <summary>Adapters as training may leave them.</summary>
    private static void AddTrained(DecoderNetwork network, LowRankShape? shape = null)
    {
        network.AddAdapters(shape ?? s_all);
        using var noGradients = no_grad();
        using var generator = new Generator(17);
        foreach ((string name, Parameter weight) in network.named_parameters())
        {
            if (name.EndsWith(".adapter.up", StringComparison.Ordinal))
                weight.normal_(0, 0.2, generator);
        }

        network.eval();
    }

    private static void Run(string shape, Action<DecoderNetwork> test)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        using var network = new DecoderNetwork(DecoderShapes.Of(shape).With(t => t with { InitialDeviation = 0.2 }), generator);
        network.eval();
        test(network);
    }

    private static Tensor Ids()
    {
        using var generator = new Generator(11);
        return randint(0, 50, [2, 9], ScalarType.Int64, generator: generator);
    }

    private static double[,] Matrix(Tensor values)
    {
        var matrix = new double[values.shape[0], values.shape[1]];
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++)
                matrix[i, j] = values[i, j].ToDouble();
        }

        return matrix;
    }
}
