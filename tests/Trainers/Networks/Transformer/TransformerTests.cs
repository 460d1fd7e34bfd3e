using MLNetExt.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class TransformerTests
{
    private static readonly TransformerOptions s_options = new(Width: 12, Layers: 2, Heads: 3, FeedForwardWidth: 20);

    [TestMethod]
    [DataRow(false, null)]
    [DataRow(true, null)]
    [DataRow(false, 50.0)]
    [DataRow(true, 50.0)]
    public void Attention_is_the_formula(bool causal, double? theta)
    {
        using var scope = NewDisposeScope();
        TransformerOptions options = s_options with { Heads = 2, IsCausal = causal, RotaryTheta = theta };
        using var generator = new Generator(1);
        using var attention = new Attention(options, 0.3, generator);
        attention.to(ScalarType.Float64);
        int[] lengths = [5, 3, 1];
        Tensor tokens = randn([3, 5, 12], ScalarType.Float64, generator: generator);
        Tensor mask = AttentionMask.Scores(IsToken(lengths, 5), causal, ScalarType.Float64);
        Rotation? rotation = theta is { } t ? new RotaryEmbedding(6, t).Angles(5, ScalarType.Float64, CPU) : null;

        double[,,] actual = Array3(attention.Forward(tokens, mask, rotation));

        double[,,] expected = AttentionFormula.Of(attention, Array3(tokens), heads: 2, causal, lengths, theta);
        for (int row = 0; row < 3; row++)
        {
            for (int i = 0; i < lengths[row]; i++)
            {
                for (int k = 0; k < 12; k++)
                    Assert.AreEqual(expected[row, i, k], actual[row, i, k], 1e-12, $"row {row}, token {i}, component {k}");
            }
        }
    }

    [TestMethod]
    [DataRow(NormPlacement.Pre, 4)]
    [DataRow(NormPlacement.Post, 4)]
    [DataRow(NormPlacement.Pre, 1)]
    public void Tokens_that_do_not_look_are_seen_as_if_they_stood_behind(object norm, int looking)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var block = new TransformerBlock(s_options with { Norm = (NormPlacement)norm }, generator);
        block.to(ScalarType.Float64);
        Randomize(block, generator);
        Tensor tokens = randn([3, 6, 12], ScalarType.Float64, generator: generator), mask = AttentionMask.Scores(IsToken([6, 5, 2], 6), false, ScalarType.Float64);
        Tensor expected = block.Forward(tokens, mask, null).narrow(1, 0, looking);
        Tensor actual = block.Forward(tokens.narrow(1, 0, looking), mask, null, others: tokens.narrow(1, looking, 6 - looking));
        Assert.IsTrue(expected.allclose(actual, 0, 1e-12));
    }

    [TestMethod]
    public void A_post_norm_block_is_torchs_encoder_layer()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var block = new TransformerBlock(s_options with { Norm = NormPlacement.Post, Activation = MLNetExt.Networks.Activation.Relu }, generator);
        using TransformerEncoderLayer layer = nn.TransformerEncoderLayer(12, 3, 20, dropout: 0);
        Randomize(block, generator);
        Dictionary<string, Tensor> ours = block.state_dict();
        // Torch stores a linear layer's weight output-major.
        var names = new Dictionary<string, string>
        {
            ["attention.input.weight"] = "self_attn.in_proj_weight",
            ["attention.input.bias"] = "self_attn.in_proj_bias",
            ["attention.output.weight"] = "self_attn.out_proj.weight",
            ["attention.output.bias"] = "self_attn.out_proj.bias",
            ["feedForward.input.weight"] = "linear1.weight",
            ["feedForward.input.bias"] = "linear1.bias",
            ["feedForward.output.weight"] = "linear2.weight",
            ["feedForward.output.bias"] = "linear2.bias",
            ["attentionNorm.weight"] = "norm1.weight",
            ["attentionNorm.bias"] = "norm1.bias",
            ["feedForwardNorm.weight"] = "norm2.weight",
            ["feedForwardNorm.bias"] = "norm2.bias",
        };
        CollectionAssert.AreEquivalent(names.Keys, ours.Keys);
        using (no_grad())
        {
            Dictionary<string, Tensor> theirs = layer.state_dict();
            foreach ((string our, string their) in names)
                theirs[their].copy_(ours[our].dim() == 2 ? ours[our].t() : ours[our]);
        }

        Tensor tokens = randn([4, 6, 12], generator: generator), isToken = IsToken([6, 2, 4, 1], 6);
        Tensor expected = layer.call(tokens.transpose(0, 1), null!, isToken.logical_not()).transpose(0, 1);
        Tensor actual = block.Forward(tokens, AttentionMask.Scores(isToken, false, ScalarType.Float32), null);

        Assert.IsTrue(expected[isToken].allclose(actual[isToken], 1e-5, 1e-5));
    }

    [TestMethod]
    public void A_pre_norm_stack_adds_each_sublayer_of_the_normalised_stream_and_normalises_the_end()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = new TransformerStack(s_options with { Activation = MLNetExt.Networks.Activation.Tanh }, generator);
        Randomize(stack, generator);
        Dictionary<string, Tensor> w = stack.state_dict();
        Tensor x = randn([2, 4, 12], generator: generator), tokens = x;

        Tensor Norm(Tensor v, string name) => (v - v.mean([-1], true)) / (v.var([-1], false, true) + 1e-5).sqrt() * w[name + ".weight"] + w[name + ".bias"];
        Tensor Linear(Tensor v, string name) => v.matmul(w[name + ".weight"]) + w[name + ".bias"];
        for (int i = 0; i < 2; i++)
        {
            string block = $"blocks.{i}.";
            Tensor[] parts = Linear(Norm(x, block + "attentionNorm"), block + "attention.input").chunk(3, -1);
            var heads = new List<Tensor>();
            for (int head = 0; head < 3; head++)
            {
                Tensor q = parts[0].narrow(2, head * 4, 4), k = parts[1].narrow(2, head * 4, 4), v = parts[2].narrow(2, head * 4, 4);
                heads.Add(softmax(q.matmul(k.transpose(1, 2)) / 2, -1).matmul(v));
            }

            x = x + Linear(cat([.. heads], -1), block + "attention.output");
            x = x + Linear(tanh(Linear(Norm(x, block + "feedForwardNorm"), block + "feedForward.input")), block + "feedForward.output");
        }

        Assert.IsTrue(Norm(x, "norm").allclose(stack.Forward(tokens), 1e-4, 1e-5));
    }

    [TestMethod]
    [DataRow(NormPlacement.Pre, true)]
    [DataRow(NormPlacement.Pre, false)]
    [DataRow(NormPlacement.Post, true)]
    public void Later_tokens_do_not_matter_to_a_causal_stack(object norm, bool padded)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = new TransformerStack(s_options with { IsCausal = true, Norm = (NormPlacement)norm }, generator);
        Tensor tokens = randn([2, 6, 12], generator: generator), changed = tokens.clone();
        changed.narrow(1, 4, 2).normal_(0, 1, generator);
        Tensor? isToken = padded ? IsToken([6, 5], 6) : null;
        Tensor before = stack.Forward(tokens, isToken), after = stack.Forward(changed, isToken);
        Assert.IsTrue(before.narrow(1, 0, 4).allclose(after.narrow(1, 0, 4), 1e-5, 1e-6));
        Assert.IsFalse(before.select(1, 4).allclose(after.select(1, 4)));
    }

    [TestMethod]
    public void All_tokens_matter_to_a_bidirectional_stack()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = new TransformerStack(s_options, generator);
        Tensor tokens = randn([1, 6, 12], generator: generator), changed = tokens.clone();
        changed.narrow(1, 5, 1).normal_(0, 1, generator);
        Assert.IsFalse(stack.Forward(tokens).select(1, 0).allclose(stack.Forward(changed).select(1, 0)));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Padding_does_not_matter_wherever_it_stands_and_all_is_finite_without_a_token(bool causal)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = new TransformerStack(s_options with { IsCausal = causal }, generator);
        Tensor inner = randn([1, 3, 12], generator: generator);
        Tensor padded = cat([randn([1, 2, 12], generator: generator), inner, randn([1, 1, 12], generator: generator)], 1);
        Tensor isToken = tensor(new[,] { { false, false, true, true, true, false }, { false, false, false, false, false, false } });

        Tensor outputs = stack.Forward(cat([padded, padded]).requires_grad_(), isToken);
        outputs.sum().backward();

        Assert.IsTrue(stack.Forward(inner)[0].allclose(outputs[0].narrow(0, 2, 3), 1e-5, 1e-6));
        Assert.IsTrue(outputs.isfinite().all().ToBoolean());
        Assert.IsTrue(stack.parameters().All(p => p.grad!.isfinite().all().ToBoolean()));
    }

    [TestMethod]
    public void Rotary_scores_depend_on_the_distance_alone()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Rotation rotation = new RotaryEmbedding(8, 10_000).Angles(20, ScalarType.Float64, CPU);
        Tensor query = randn([8], ScalarType.Float64, generator: generator).expand(1, 1, 20, 8), key = randn([8], ScalarType.Float64, generator: generator).expand(1, 1, 20, 8);
        Tensor turned = rotation.Apply(query)[0, 0], scores = turned.matmul(rotation.Apply(key)[0, 0].t());
        Assert.IsTrue(turned.norm(1).allclose(query[0, 0].norm(1)), "a rotation keeps the length");
        Assert.IsTrue(turned[0].allclose(query[0, 0, 0]), "position 0 does not turn");
        Assert.AreEqual(scores[3, 7].ToDouble(), scores[12, 16].ToDouble(), 1e-12);
        Assert.AreEqual(scores[9, 2].ToDouble(), scores[19, 12].ToDouble(), 1e-12);
        Assert.AreNotEqual(scores[3, 7].ToDouble(), scores[7, 3].ToDouble(), 1e-3);
        // The first pair turns by one radian a position.
        Tensor unit = rotation.Apply(tensor(new double[] { 1, 0, 0, 0, 0, 0, 0, 0 }).expand(1, 1, 20, 8))[0, 0, 2];
        Assert.AreEqual(Math.Cos(2), unit[0].ToDouble(), 1e-12);
        Assert.AreEqual(Math.Sin(2), unit[4].ToDouble(), 1e-12);
    }

    [TestMethod]
    public void Linear_scaling_turns_each_position_as_far_as_an_earlier_one_and_llama_3_slow_pairs_alone()
    {
        using var scope = NewDisposeScope();
        Rotation plain = new RotaryEmbedding(8, 100).Angles(10, ScalarType.Float64, CPU);
        Rotation linear = new RotaryEmbedding(8, 100, new RotaryScaling(RotaryScalingKind.Linear, 4)).Angles(40, ScalarType.Float64, CPU);
        Assert.IsTrue(plain.Cos[7].allclose(linear.Cos[28], 0, 1e-12));
        Assert.IsTrue(plain.Sin[9].allclose(linear.Sin[36], 0, 1e-12));

        // 1, 0.316, 0.1, 0.0316 radians a position: 5.1, 1.6, 0.5 and 0.16 turns in 32 positions.
        double[] frequencies = [.. new RotaryEmbedding(8, 100, new RotaryScaling(RotaryScalingKind.Llama3, 8, 1, 4, 32)).Frequencies];
        Assert.AreEqual(1, frequencies[0], 1e-12);
        double turns = 32 * Math.Pow(100, -0.25) / (2 * Math.PI), kept = (turns - 1) / 3;
        Assert.AreEqual(Math.Pow(100, -0.25) * (kept + (1 - kept) / 8), frequencies[1], 1e-12);
        Assert.AreEqual(0.1 / 8, frequencies[2], 1e-12);
        Assert.AreEqual(Math.Pow(100, -0.75) / 8, frequencies[3], 1e-12);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(12)]
    public void The_signal_keeps_its_size_at_any_depth(int layers)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var stack = new TransformerStack(new TransformerOptions(64, layers, 4, Norm: NormPlacement.Pre), generator);
        using var noGradients = no_grad();
        Tensor tokens = randn([16, 10, 64], generator: generator);
        Dictionary<string, Tensor> weights = stack.state_dict();
        Tensor stream = tokens;
        foreach (TransformerBlock block in stack.named_children().Single(c => c.name == "blocks").module.children().Cast<TransformerBlock>())
            stream = block.Forward(stream, null, null);
        Assert.IsInRange(1.0, 1.6, stream.std().ToDouble());
    }

    [TestMethod]
    public void Impossible_shapes_are_named()
    {
        using var generator = new Generator(1);
        void Fails(TransformerOptions options, string message) => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new TransformerStack(options, generator)).Message, message);

        Fails(s_options with { Heads = 5 }, "Width is 12 and Heads is 5");
        Fails(s_options with { Heads = 4, RotaryTheta = 10_000 }, "the size of a head, 3, must be even");
        Fails(s_options with { RotaryTheta = 0 }, "RotaryTheta is 0");
        Fails(s_options with { Layers = 0 }, "Layers is 0");
        Fails(s_options with { Heads = 0 }, "Heads is 0");
        Fails(s_options with { Width = 0 }, "Width is 0");
        Fails(s_options with { FeedForwardWidth = 0 }, "FeedForwardWidth is 0");
        Fails(s_options with { Dropout = 1 }, "Dropout is 1");
    }

    private static Tensor IsToken(int[] lengths, int longest) =>
        arange(longest).unsqueeze(0).lt(tensor(lengths.Select(l => (long)l).ToArray()).unsqueeze(1));

    private static double[,,] Array3(Tensor tensor)
    {
        var values = new double[tensor.shape[0], tensor.shape[1], tensor.shape[2]];
        double[] flat = [.. tensor.contiguous().data<double>()];
        Buffer.BlockCopy(flat, 0, values, 0, flat.Length * sizeof(double));
        return values;
    }

    private static void Randomize(nn.Module module, Generator generator)
    {
        using var noGradients = no_grad();
        foreach (Parameter parameter in module.parameters())
            parameter.normal_(0, 0.3, generator);
    }
}
