using System.Text.Json;
using MLNetExt.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class EncoderNetworkTests
{
    private static IEnumerable<object[]> Shapes => EncoderShapes.Names;

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void A_row_does_not_depend_on_padding_or_on_the_rows_beside_it(string shape) => Run(shape, network =>
    {
        Tensor ids = Ids(3, 7), types = Ids(3, 7) % network.Options.TokenTypes;
        HiddenStates alone = network.Hidden(ids.narrow(0, 1, 1), tokenTypes: types.narrow(0, 1, 1));
        Tensor padded = cat([ids, full(3, 4, 9L)], 1), isToken = cat([ones(3, 7, ScalarType.Bool), zeros(3, 4, ScalarType.Bool)], 1);
        HiddenStates beside = network.Hidden(padded, isToken, cat([types, zeros(3, 4, ScalarType.Int64)], 1));
        Assert.IsTrue(alone.Last[0].allclose(beside.Last[1].narrow(0, 0, 7), 0, 1e-12));
        Assert.IsTrue(alone.Penultimate[0].allclose(beside.Penultimate[1].narrow(0, 0, 7), 0, 1e-12));
        Tensor empty = network.Hidden(padded, zeros(3, 11, ScalarType.Bool)).Last;
        Assert.IsTrue(empty.isfinite().all().item<bool>(), "rows without a token");
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Order_later_tokens_and_token_types_matter(string shape) => Run(shape, network =>
    {
        Tensor last = network.Hidden(tensor(new long[,] { { 3, 4, 5 }, { 4, 3, 5 }, { 3, 4, 6 } })).Last;
        Assert.IsFalse(last[0, 2].allclose(last[1, 2], 0, 1e-3));
        Assert.IsFalse(last[0, 0].allclose(last[2, 0], 0, 1e-3));
        Tensor ids = Ids(1, 5), zero = network.Hidden(ids).Last;
        Assert.IsTrue(zero.Equals(network.Hidden(ids, tokenTypes: zeros_like(ids)).Last), "no types are zeros");
        if (network.Options.TokenTypes > 1)
            Assert.IsFalse(zero.allclose(network.Hidden(ids, tokenTypes: ones_like(ids)).Last, 0, 1e-3));
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void The_head_at_some_positions_is_the_head_at_all_and_its_parts_are_reachable(string shape) => Run(shape, network =>
    {
        Tensor last = network.Hidden(Ids(3, 7)).Last, rows = last.flatten(0, 1).index_select(0, tensor(new long[] { 2, 9, 20 }));
        Tensor logits = network.Logits(last).flatten(0, 1).index_select(0, tensor(new long[] { 2, 9, 20 }));
        Assert.IsTrue(logits.allclose(network.Logits(rows), 0, 1e-12));
        Assert.IsTrue(logits.allclose(network.Predictions(rows).matmul(network.HeadWeight.t()) + network.HeadBias, 0, 1e-12));
        Dictionary<string, Parameter> parameters = network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Assert.AreSame(parameters["tokens"], network.HeadWeight);
        Assert.AreSame(parameters["headBias"], network.HeadBias);
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void The_count_of_the_weights_is_right(string shape)
    {
        using var generator = new Generator(1);
        using var network = new EncoderNetwork(EncoderShapes.Of(shape), generator);
        Assert.AreEqual(network.Options.WeightCount, (Int128)network.parameters().Sum(p => p.numel()));
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Options_come_back_from_JSON_as_they_were(string shape)
    {
        EncoderOptions options = EncoderShapes.Of(shape);
        Assert.AreEqual(options, JsonSerializer.Deserialize<EncoderOptions>(JsonSerializer.Serialize(options)));
    }

    [TestMethod]
    public void A_single_layer_reads_the_embeddings()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        using var network = new EncoderNetwork(EncoderOptions.Bert(50, 20, 16, 1, 2), generator);
        HiddenStates states;
        using (NewDisposeScope())
        {
            states = network.Hidden(Ids(2, 3));
            states.Last.MoveToOuterDisposeScope();
            states.Penultimate.MoveToOuterDisposeScope();
        }

        Dictionary<string, Tensor> w = network.state_dict();
        Tensor sum = w["tokens"][Ids(2, 3)] + w["positions"].narrow(0, 0, 3) + w["types"][0];
        Assert.IsTrue(nn.functional.layer_norm(sum, [16], eps: 1e-12).allclose(states.Penultimate, 0, 1e-5));
        Assert.IsFalse(states.Last.IsInvalid);
    }

    [TestMethod]
    public void The_pooler_reads_the_first_token_that_is_not_padding()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var network = new EncoderNetwork(EncoderOptions.Bert(50, 20, 16, 2, 2, hasPooler: true), generator);
        Tensor last = randn([3, 5, 16], generator: generator), isToken = tensor(new[,] { { true, true, true, false, false }, { false, false, true, true, true }, { false, true, false, true, false } });
        Tensor pooled = network.Pooled(last, isToken);
        foreach ((int row, int first) in new[] { (0, 0), (1, 2), (2, 1) })
            Assert.IsTrue(network.Pooled(last[row].unsqueeze(0).narrow(1, first, 1))[0].allclose(pooled[row], 0, 1e-6), $"row {row}");
        Assert.IsTrue(network.Pooled(last).allclose(network.Pooled(last, ones(3, 5, ScalarType.Bool)), 0, 1e-6));
    }

    [TestMethod]
    public void Dropout_follows_from_the_generator_and_is_off_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var network = new EncoderNetwork(EncoderShapes.Of("bert").WithDropout(0.2), generator);
        Tensor ids = Ids(3, 7), state = generator.get_state(), first = network.Hidden(ids).Last, second = network.Hidden(ids).Last;
        Assert.IsFalse(first.Equals(second));
        generator.set_state(state);
        Assert.IsTrue(first.Equals(network.Hidden(ids).Last));
        network.eval();
        Assert.IsTrue(network.Hidden(ids).Last.Equals(network.Hidden(ids).Last));
    }

    [TestMethod]
    public void A_seed_gives_the_weights_and_layers_start_as_BERTs()
    {
        using var scope = NewDisposeScope();
        EncoderOptions options = EncoderOptions.Bert(400, 64, 64, 8, 4, hasPooler: true);
        using Generator one = new(5), same = new(5), other = new(6);
        using EncoderNetwork first = new(options, one), second = new(options, same), third = new(options, other);
        Dictionary<string, Tensor> w = first.state_dict();
        foreach ((string name, Tensor weight) in second.state_dict())
            Assert.IsTrue(w[name].Equals(weight), name);
        Assert.IsFalse(w["tokens"].Equals(third.state_dict()["tokens"]));
        foreach (string name in new[] { "prediction.weight", "pooler.weight", "transformer.blocks.7.attention.input.weight" })
            Assert.AreEqual(0.02, w[name].std().ToDouble(), 1e-3, name);
        Assert.AreEqual(0, w["headBias"].abs().sum().ToDouble());
    }

    [TestMethod]
    [DataRow("bert")]
    [DataRow("preNorm")]
    public void The_head_starts_with_scores_of_variance_1(string family)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(5);
        EncoderOptions options = family == "bert" ? EncoderOptions.Bert(400, 64, 64, 8, 4) : new EncoderOptions(400, 64, new TransformerOptions(64, 8, 4));
        using var network = new EncoderNetwork(options, generator);
        foreach (string name in new[] { "tokens", "positions" })
            Assert.AreEqual(0.125, network.state_dict()[name].std().ToDouble(), 5e-3, name);
        Assert.AreEqual(1, network.Logits(network.Hidden(randint(400, [8, 64], generator: generator)).Last).std().ToDouble(), 0.1);
    }

    [TestMethod]
    public void The_stem_adds_maps_of_the_neighbours_and_nothing_of_padding_or_from_beyond_the_row()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        using var stem = new LocalStem(new TransformerOptions(3, 1, 1), generator);
        Tensor tokens = randn([2, 6, 3], generator: generator), isToken = ones(2, 6, ScalarType.Bool);
        isToken[1, 2] = tensor(false);
        isToken[1, 5] = tensor(false);
        Tensor weights = stem.state_dict().Single().Value, actual = stem.Forward(tokens, isToken);
        Assert.AreEqual(LocalStem.WeightCount(3), (Int128)weights.numel());
        int[] offsets = [-2, -1, 1, 2];
        for (int row = 0; row < 2; row++)
        {
            for (int at = 0; at < 6; at++)
            {
                Tensor expected = tokens[row, at];
                for (int k = 0; k < 4; k++)
                {
                    int neighbour = at + offsets[k];
                    if (neighbour is >= 0 and < 6 && isToken[row, neighbour].item<bool>())
                        expected = expected + tokens[row, neighbour].matmul(weights.narrow(0, 3 * k, 3));
                }

                Assert.IsTrue(expected.allclose(actual[row, at], 0, 1e-5), $"row {row}, token {at}");
            }
        }

        Assert.IsTrue(stem.Forward(tokens, null).Equals(stem.Forward(tokens, ones(2, 6, ScalarType.Bool))));
    }

    [TestMethod]
    public void What_cannot_be_read_is_named()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new EncoderNetwork(EncoderOptions.Bert(50, 8, 16, 1, 2), generator);
        void Fails<T>(Func<object> read, string message)
            where T : Exception => StringAssert.Contains(Assert.ThrowsExactly<T>(() => read()).Message, message);

        Fails<ArgumentException>(() => network.Hidden(tensor(new long[,] { { 50 } })), "the token id 50 in row 0 of the block, but the network's vocabulary has 50 tokens");
        Fails<ArgumentException>(() => network.Hidden(zeros(1, 0, ScalarType.Int64)), "There is no token to read");
        Fails<ArgumentException>(() => network.Hidden(Ids(1, 9)), "A row has 9 tokens, but the network reads at most 8");
        Fails<ArgumentException>(() => network.Hidden(Ids(1, 2), tokenTypes: tensor(new long[,] { { 0, 2 } })), "not among the 2 that the network knows, 0 to 1");
        Fails<ArgumentException>(() => network.Hidden(Ids(1, 2), tokenTypes: tensor(new long[,] { { 0, -1 } })), "A token type");
        Fails<InvalidOperationException>(() => network.Pooled(zeros(1, 2, 16)), "has no pooler");
    }

    [TestMethod]
    public void Impossible_shapes_are_named()
    {
        using var generator = new Generator(1);
        EncoderOptions options = EncoderOptions.Bert(50, 8, 16, 1, 4);
        void Fails(EncoderOptions shape, string message) => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new EncoderNetwork(shape, generator)).Message, message);

        Fails(options with { VocabularySize = 0 }, "VocabularySize is 0");
        Fails(options with { ContextLength = 0 }, "ContextLength is 0");
        Fails(options with { TokenTypes = 0 }, "TokenTypes is 0");
        Fails(options.With(t => t with { IsCausal = true }), "IsCausal must be false");
        Fails(options.With(t => t with { RotaryTheta = 10_000 }), "RotaryTheta null");
        Fails(options.With(t => t with { Heads = 3 }), "Width is 16 and Heads is 3");
    }

    private static void Run(string shape, Action<EncoderNetwork> test)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        using var network = new EncoderNetwork(EncoderShapes.Of(shape).With(t => t with { InitialDeviation = 0.2 }), generator);
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
