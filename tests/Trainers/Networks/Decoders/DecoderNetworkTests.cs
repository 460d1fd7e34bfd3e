using System.Text.Json;
using MLNetExt.Networks;
using MLNetExt.Tests.Contract;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class DecoderNetworkTests
{
    private static IEnumerable<object[]> Shapes => DecoderShapes.Names;

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Later_tokens_do_not_matter(string shape) => Run(shape, network =>
    {
        Tensor ids = Ids(2, 9), changed = ids.clone();
        changed.narrow(1, 6, 3).copy_((ids.narrow(1, 6, 3) + 7) % 50);
        Tensor before = network.Hidden(ids), after = network.Hidden(changed);
        Assert.IsTrue(before.narrow(1, 0, 6).allclose(after.narrow(1, 0, 6), 0, 1e-12));
        Assert.IsFalse(before.select(1, 6).allclose(after.select(1, 6), 0, 1e-3));
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Order_matters(string shape) => Run(shape, network =>
    {
        Tensor last = network.Hidden(tensor(new long[,] { { 3, 4, 5 }, { 4, 3, 5 } })).select(1, 2);
        Assert.IsFalse(last[0].allclose(last[1], 0, 1e-3));
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void A_row_does_not_depend_on_padding_or_on_the_rows_beside_it(string shape) => Run(shape, network =>
    {
        Tensor ids = Ids(3, 7), alone = network.Hidden(ids.narrow(0, 1, 1));
        Assert.IsTrue(alone[0].allclose(network.Hidden(ids)[1], 0, 1e-12), "rows beside");

        Tensor right = cat([ids, full(3, 4, 9L)], 1), left = cat([full(3, 4, 9L), ids], 1);
        Tensor isToken = cat([ones(3, 7, ScalarType.Bool), zeros(3, 4, ScalarType.Bool)], 1);
        Assert.IsTrue(alone[0].allclose(network.Hidden(right, isToken)[1].narrow(0, 0, 7), 0, 1e-12), "padding behind");
        Assert.IsTrue(alone[0].allclose(network.Hidden(right)[1].narrow(0, 0, 7), 0, 1e-12), "padding behind without a mask");
        Tensor padded = network.Hidden(left, isToken.flip(1));
        Assert.IsTrue(alone[0].allclose(padded[1].narrow(0, 4, 7), 0, 1e-12), "padding in front");
        Assert.IsTrue(padded.isfinite().all().ToBoolean());
        Tensor positions = cat([zeros(4, ScalarType.Int64), arange(7)]);
        Assert.IsTrue(alone[0].allclose(network.Hidden(left, isToken.flip(1), positions)[1].narrow(0, 4, 7), 0, 1e-12), "positions as given");
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Whatever_part_was_cached_the_hidden_states_are_those_of_the_whole_row(string shape) => Run(shape, network =>
    {
        // Beyond one block of the cache, so that its memory grows.
        Tensor ids = Ids(3, 140), whole = network.Hidden(ids);
        foreach (int capacity in new[] { 0, 140 })
        {
            using KeyValueCache cache = network.NewCache(capacity);
            var parts = new List<Tensor>();
            foreach ((int start, int count) in new[] { (0, 5), (5, 1), (6, 1), (7, 120), (127, 1), (128, 1), (129, 3), (132, 8) })
            {
                parts.Add(network.Hidden(ids.narrow(1, start, count), cache: cache));
                Assert.AreEqual(start + count, cache.Length);
            }

            Assert.IsTrue(whole.allclose(cat([.. parts], 1), 0, 1e-12));
        }
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Prompts_of_different_lengths_are_continued_together(string shape) => Run(shape, network =>
    {
        Tensor ids = Ids(2, 8);
        Tensor prompt = stack([ids[0].narrow(0, 0, 5), cat([zeros(3, ScalarType.Int64), ids[1].narrow(0, 0, 2)])]);
        Tensor isToken = tensor(new[,] { { true, true, true, true, true }, { false, false, false, true, true } });
        using KeyValueCache cache = network.NewCache();
        Tensor first = network.Hidden(prompt, isToken, cache: cache).select(1, -1);
        Tensor next = network.Hidden(stack([ids[0].narrow(0, 5, 1), ids[1].narrow(0, 2, 1)]), cache: cache).select(1, -1);
        Tensor last = network.Hidden(stack([ids[0].narrow(0, 6, 2), ids[1].narrow(0, 3, 2)]), cache: cache).select(1, -1);

        for (int row = 0; row < 2; row++)
        {
            Tensor alone = network.Hidden(ids.narrow(0, row, 1))[0];
            int length = row == 0 ? 5 : 2;
            Assert.IsTrue(alone[length - 1].allclose(first[row], 0, 1e-12));
            Assert.IsTrue(alone[length].allclose(next[row], 0, 1e-12));
            Assert.IsTrue(alone[length + 2].allclose(last[row], 0, 1e-12));
        }
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Cached_rows_are_dropped_repeated_and_reordered(string shape) => Run(shape, network =>
    {
        Tensor ids = Ids(3, 6), isToken = ones(3, 6, ScalarType.Bool);
        isToken[1, 0] = tensor(false);
        using KeyValueCache cache = network.NewCache();
        network.Hidden(ids, isToken, cache: cache);
        Tensor kept = tensor(new long[] { 2, 1, 1, 2 }), next = tensor(new long[,] { { 4 }, { 5 }, { 6 }, { 7 } });
        cache.SelectRows(kept);
        Assert.AreEqual(4, cache.Rows);

        Tensor actual = network.Hidden(next, cache: cache).select(1, 0);

        Tensor whole = network.Hidden(cat([ids[kept], next], 1), cat([isToken[kept], ones(4, 1, ScalarType.Bool)], 1)).select(1, -1);
        Assert.IsTrue(whole.allclose(actual, 0, 1e-12));
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Every_weight_has_a_gradient_and_the_count_is_right(string shape)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var network = new DecoderNetwork(DecoderShapes.Of(shape), generator);
        network.Logits(network.Hidden(arange(50).unsqueeze(0))).square().sum().backward();
        foreach ((string name, Parameter weight) in network.named_parameters())
        {
            Assert.IsNotNull(weight.grad, name);
            Assert.IsGreaterThan(0, weight.grad.abs().sum().ToDouble(), name);
        }

        Assert.AreEqual(network.Options.WeightCount, (Int128)network.parameters().Sum(p => p.numel()));
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Recomputed_activations_give_the_same_loss_gradients_and_dropout(string shape)
    {
        using var scope = NewDisposeScope();
        DecoderOptions options = DecoderShapes.Of(shape).With(t => t with { Dropout = 0.3 });
        Tensor ids = Ids(3, 9), isToken = ones(3, 9, ScalarType.Bool);
        isToken[2, 0] = tensor(false);

        (double Loss, Dictionary<string, Tensor> Gradients, Tensor State) Run(bool recompute, Tensor? mask)
        {
            using var generator = new Generator(3);
            using var network = new DecoderNetwork(options, generator) { RecomputesActivations = recompute };
            // Two batches before the step: gradients add up in place.
            double loss = 0;
            for (int i = 0; i < 2; i++)
            {
                Tensor sum = network.Logits(network.Hidden(ids, mask)).square().sum();
                sum.backward();
                loss += sum.ToDouble();
            }

            return (loss, network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone()), generator.get_state());
        }

        foreach (Tensor? mask in new[] { null, isToken })
        {
            var kept = Run(false, mask);
            var recomputed = Run(true, mask);
            Assert.AreEqual(kept.Loss, recomputed.Loss);
            Assert.IsTrue(kept.State.Equals(recomputed.State), "the generator stands elsewhere");
            foreach ((string name, Tensor gradient) in kept.Gradients)
                Assert.IsTrue(gradient.allclose(recomputed.Gradients[name], 1e-5, 1e-6 * gradient.abs().max().ToDouble()), name);
        }
    }

    [TestMethod]
    public void Recomputing_leaves_no_tensor_behind()
    {
        using var generator = new Generator(3);
        using var network = new DecoderNetwork(DecoderShapes.Of("llama").With(t => t with { Dropout = 0.1 }), generator) { RecomputesActivations = true };
        void Step()
        {
            using var scope = NewDisposeScope();
            network.Hidden(Ids(2, 5)).square().sum().backward();
        }

        Step();
        long before = LiveTensors.OfAllThreads();
        for (int i = 0; i < 20; i++)
            Step();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Caching_leaves_no_tensor_behind()
    {
        using var generator = new Generator(3);
        using var network = new DecoderNetwork(DecoderShapes.Of("llama"), generator);
        network.eval();
        long before = LiveTensors.OfAllThreads();
        using (no_grad())
        {
            for (int i = 0; i < 3; i++)
            {
                using var scope = NewDisposeScope();
                using KeyValueCache cache = network.NewCache();
                Tensor isToken = ones(2, 3, ScalarType.Bool);
                isToken[0, 0] = tensor(false);
                network.Hidden(Ids(2, 3), isToken, cache: cache);
                cache.SelectRows(tensor(new long[] { 1, 0, 0 }));
                network.Hidden(Ids(3, 1), cache: cache);
            }
        }

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void A_seed_gives_the_weights_and_they_start_as_GPT2s()
    {
        using var scope = NewDisposeScope();
        DecoderOptions options = DecoderOptions.Gpt2(400, 64, 64, 8, 4);
        using Generator one = new(5), same = new(5), other = new(6);
        using DecoderNetwork first = new(options, one), second = new(options, same), third = new(options, other);
        Dictionary<string, Tensor> w = first.state_dict();
        foreach ((string name, Tensor weight) in second.state_dict())
            Assert.IsTrue(w[name].Equals(weight), name);
        Assert.IsFalse(w["tokens"].Equals(third.state_dict()["tokens"]));

        Assert.AreEqual(0.02, w["tokens"].std().ToDouble(), 1e-3);
        Assert.AreEqual(0.02, w["transformer.blocks.7.attention.input.weight"].std().ToDouble(), 1e-3);
        Assert.AreEqual(0.02 / 4, w["transformer.blocks.7.attention.output.weight"].std().ToDouble(), 3e-4);
        Assert.AreEqual(0.02 / 4, w["transformer.blocks.0.feedForward.output.weight"].std().ToDouble(), 3e-4);
        Assert.AreEqual(0, w["transformer.blocks.0.feedForward.output.bias"].abs().sum().ToDouble());
        Assert.AreSame(first.HeadWeight, first.named_parameters().Single(p => p.name == "tokens").parameter, "tied");
    }

    [TestMethod]
    public void What_cannot_be_read_is_named()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new DecoderNetwork(DecoderOptions.Gpt2(50, 8, 16, 1, 2), generator);
        void Fails<T>(Func<Tensor> read, string message)
            where T : Exception => StringAssert.Contains(Assert.ThrowsExactly<T>(() => read()).Message, message);

        Fails<ArgumentException>(() => network.Hidden(tensor(new long[,] { { 50 } })), "the token id 50 in row 0 of the block, but the network's vocabulary has 50 tokens");
        Fails<ArgumentException>(() => network.Hidden(tensor(new long[,] { { -1 } })), "the token id -1");
        Fails<ArgumentException>(() => network.Hidden(zeros(1, 0, ScalarType.Int64)), "There is no token to read");
        Fails<ArgumentException>(() => network.Hidden(Ids(1, 9)), "A row has 9 tokens, but the network reads at most 8");
        Fails<ArgumentException>(() => network.Hidden(Ids(1, 2), positionIds: tensor(new long[] { 7, 8 })), "A row has 9 tokens");
        using KeyValueCache cache = network.NewCache();
        Fails<InvalidOperationException>(() => network.Hidden(Ids(1, 2), cache: cache), "inside no_grad()");
        using var noGradients = no_grad();
        network.Hidden(Ids(2, 6), cache: cache);
        Fails<ArgumentException>(() => network.Hidden(Ids(2, 3), cache: cache), "A row has 9 tokens");
        Fails<ArgumentException>(() => network.Hidden(Ids(3, 1), cache: cache), "3 rows are to be read, but the cache holds 2");
        using var stack = new TransformerStack(new TransformerOptions(16, 1, 2), generator);
        Fails<InvalidOperationException>(() => stack.Forward(zeros(1, 1, 16), cache: network.NewCache()), "Only a causal stack");
    }

    [TestMethod]
    public void Impossible_shapes_are_named()
    {
        using var generator = new Generator(1);
        DecoderOptions options = DecoderOptions.Llama(50, 8, 16, 1, 4);
        void Fails(DecoderOptions shape, string message) => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new DecoderNetwork(shape, generator)).Message, message);

        Fails(options with { VocabularySize = 0 }, "VocabularySize is 0");
        Fails(options with { ContextLength = 0 }, "ContextLength is 0");
        Fails(options.With(t => t with { IsCausal = false }), "IsCausal must be true");
        Fails(options.With(t => t with { RotaryTheta = null }), "would not know where a token stands");
        Fails(options.With(t => t with { KeyValueHeads = 3 }), "KeyValueHeads is 3");
        Fails(options.With(t => t with { HeadWidth = 3 }), "the size of a head, 3, must be even");
        Fails(options.With(t => t with { NormEpsilon = 0 }), "NormEpsilon is 0");
        Fails(options.With(t => t with { RotaryScaling = new(RotaryScalingKind.Linear, 0) }), "factor of the rotary scaling is 0");
        Fails(options.With(t => t with { RotaryTheta = null, RotaryScaling = new(RotaryScalingKind.Linear, 2) }), "RotaryScaling is given without RotaryTheta");
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Options_come_back_from_JSON_as_they_were(string shape)
    {
        DecoderOptions options = DecoderShapes.Of(shape);
        Assert.AreEqual(options, JsonSerializer.Deserialize<DecoderOptions>(JsonSerializer.Serialize(options)));
    }

    [TestMethod]
    public void Blocks_written_before_there_were_decoders_are_read_as_they_were() => Assert.AreEqual(
        new TransformerOptions(16, 2, 4, 24, true, NormPlacement.Post, 10_000, 0.1, MLNetExt.Networks.Activation.Silu),
        JsonSerializer.Deserialize<TransformerOptions>(
            """{"Width":16,"Layers":2,"Heads":4,"FeedForwardWidth":24,"IsCausal":true,"Norm":"Post","RotaryTheta":10000,"Dropout":0.1,"Activation":"Silu"}"""));

    private static void Run(string shape, Action<DecoderNetwork> test)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        using var network = new DecoderNetwork(DecoderShapes.Of(shape).With(t => t with { InitialDeviation = 0.2 }), generator);
        network.eval();
        // Two ways to one result differ by rounding alone: in double precision bounds are tight, on any machine.
        network.to(ScalarType.Float64);
        test(network);
    }

    private static Tensor Ids(int rows, int length)
    {
        using var generator = new Generator(11);
        return randint(0, 50, [rows, length], ScalarType.Int64, generator: generator);
    }
}
