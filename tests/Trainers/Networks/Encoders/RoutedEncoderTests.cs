using MLNetExt.Networks;
using MLNetExt.Tests.Contract;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Encoders of which the middle layers read only the selected tokens.</summary>
[TestClass]
public sealed class RoutedEncoderTests
{
    private const int Rows = 3;
    private const int Length = 9;

    private static readonly int[] s_lengths = [9, 4, 7];

    private static IEnumerable<object[]> Shapes => EncoderShapes.Names;

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void With_all_tokens_selected_in_any_order_it_is_the_plain_encoder(string shape) => Run(shape, (network, ids, isToken) =>
    {
        TokenSelection[] all = [Selections.Random(Rows, Length, Length), Selections.Of(Rows, [.. Enumerable.Range(0, Length).Select(i => (long)i)], [])];
        // Sums in another order: rounding alone, of numbers as large as the largest.
        foreach ((ScalarType type, double bound) in new[] { (ScalarType.Float32, 1e-6), (ScalarType.Float64, 1e-14) })
        {
            network.to(type);
            foreach (Tensor? mask in new[] { null, isToken })
            {
                HiddenStates plain = network.Hidden(ids, mask);
                foreach (TokenSelection selection in all)
                {
                    HiddenStates routed = network.Hidden(ids, mask, selection: selection);
                    AssertClose(plain.Last, routed.Last, bound * plain.Last.abs().max().ToDouble());
                    AssertClose(plain.Penultimate, routed.Penultimate, bound * plain.Penultimate.abs().max().ToDouble());
                }
            }
        }
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void The_order_of_either_list_does_not_matter(string shape) => Run(shape, (network, ids, isToken) =>
    {
        TokenSelection one = Selections.Random(Rows, Length, 5), sorted = new(one.Selected.sort(1).Values, one.Unselected.flip(1));
        AssertClose(network.Hidden(ids, isToken, selection: one).Last, network.Hidden(ids, isToken, selection: sorted).Last, 1e-13);
    });

    [TestMethod]
    [DataRow(NormPlacement.Pre)]
    [DataRow(NormPlacement.Post)]
    public void Each_layer_is_the_block_with_keys_masked_and_the_others_wait_unchanged_for_the_last(object norm)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        TransformerOptions options = new(16, 6, 4, Norm: (NormPlacement)norm);
        using var stack = new TransformerStack(options, generator);
        stack.to(ScalarType.Float64);
        TransformerBlock[] blocks = [.. stack.named_children().Single(c => c.name == "blocks").module.children().Cast<TransformerBlock>()];
        Tensor tokens = randn([Rows, Length, 16], ScalarType.Float64, generator: generator), isToken = IsToken();
        TokenSelection selection = Selections.Random(Rows, Length, 4);

        HiddenStates routed = stack.Route(tokens, isToken, selection);

        // Nothing is gathered: whole rows, with masks for the keys, and the positions that do not take part put back after each layer.
        Tensor isSelected = zeros(Rows, Length, ScalarType.Bool).scatter_(1, selection.Selected, ones(Rows, 4, ScalarType.Bool)), x = tokens;
        Tensor Block(int i, Tensor seen) => blocks[i].Forward(x, AttentionMask.Scores(seen, false, ScalarType.Float64), null);
        Tensor Kept(Tensor changed) => where(isSelected.unsqueeze(2), changed, x);
        x = Block(0, isToken);
        x = Block(1, isToken);
        Tensor dropped = x[isSelected.logical_not()];
        x = Kept(Block(2, isToken));
        // Rows of which only padding is selected see that padding.
        Tensor reduced = isToken.logical_and(isSelected);
        reduced = reduced.logical_or(reduced.any(1, true).logical_not().logical_and(isSelected));
        x = Kept(Block(3, reduced));
        x = Kept(Block(4, reduced));
        AssertClose(x, routed.Penultimate, 1e-12);
        Assert.IsTrue(dropped.Equals(routed.Penultimate[isSelected.logical_not()]), "the others were touched");
        x = Block(5, isToken);
        if (options.Norm == NormPlacement.Pre)
            x = stack.named_children().Single(c => c.name == "norm").module is nn.Module<Tensor, Tensor> last ? last.forward(x) : x;
        AssertClose(x, routed.Last, 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Padding_does_not_matter_be_it_selected_or_not(string shape) => Run(shape, (network, ids, isToken) =>
    {
        Tensor others = ids.masked_fill(isToken.logical_not(), 49);
        foreach (int kept in new[] { 2, 6, 8 })
        {
            TokenSelection selection = Selections.Random(Rows, Length, kept);
            Tensor before = network.Hidden(ids, isToken, selection: selection).Last, after = network.Hidden(others, isToken, selection: selection).Last;
            AssertClose(before[isToken], after[isToken], 1e-12);
            Assert.IsTrue(after.isfinite().all().item<bool>());
        }

        // A short row alone, and the same beside longer ones, its padding dropped first.
        Tensor alone = network.Hidden(ids.narrow(0, 1, 1).narrow(1, 0, 4), selection: Selections.Of(1, [0, 3, 1], [2])).Last;
        Tensor beside = network.Hidden(ids, isToken, selection: Selections.Of(Rows, [0, 3, 1], [2, 8, 7, 6, 5, 4])).Last;
        AssertClose(alone[0], beside[1].narrow(0, 0, 4), 1e-12);
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void A_dropped_token_matters_to_the_others_through_the_cross_and_the_last_layer(string shape) => Run(shape, (network, ids, isToken) =>
    {
        TokenSelection selection = Selections.Of(Rows, [0, 3, 1, 2], [4, 5, 6, 7, 8]);
        Tensor changed = ids.clone();
        changed[0, 8] = (ids[0, 8] + 7) % 50;
        HiddenStates before = network.Hidden(ids, isToken, selection: selection), after = network.Hidden(changed, isToken, selection: selection);
        Assert.IsFalse(before.Penultimate[0, 0].allclose(after.Penultimate[0, 0], 0, 1e-4), "not seen by the cross layer");
        Assert.IsFalse(before.Last[0, 0].allclose(after.Last[0, 0], 0, 1e-4));
        AssertClose(before.Last[2], after.Last[2], 1e-12);
    });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Gradients_are_those_of_differences_and_reach_every_weight(string shape)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var network = new EncoderNetwork(EncoderShapes.Of(shape).With(t => t with { InitialDeviation = 0.3 }), generator);
        network.to(ScalarType.Float64);
        (Tensor ids, Tensor isToken, Tensor types) = (Ids(), IsToken(), Ids() % network.Options.TokenTypes);
        TokenSelection selection = Selections.Random(Rows, Length, 4);
        Tensor weights = randn([Rows, Length, 50], ScalarType.Float64, generator: generator) * isToken.unsqueeze(2);
        Tensor Loss()
        {
            Tensor last = network.Hidden(ids, isToken, types, selection).Last;
            Tensor loss = (network.Logits(last) * weights).sum();
            return network.Options.HasPooler ? loss + network.Pooled(last).sum() : loss;
        }

        Loss().backward();
        using var noGradients = no_grad();
        foreach ((string name, Parameter weight) in network.named_parameters())
        {
            Assert.IsNotNull(weight.grad, name);
            Assert.IsGreaterThan(0, weight.grad.abs().sum().ToDouble(), name);
            long at = weight.grad.abs().argmax().item<long>();
            Tensor flat = weight.view(-1);
            double Moved(double by)
            {
                double before = flat[at].ToDouble();
                flat[at] = tensor(before + by);
                double loss = Loss().ToDouble();
                flat[at] = tensor(before);
                return loss;
            }

            double gradient = weight.grad.view(-1)[at].ToDouble();
            Assert.AreEqual(gradient, (Moved(1e-5) - Moved(-1e-5)) / 2e-5, 1e-5 * Math.Max(1, Math.Abs(gradient)), name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Recomputed_activations_give_the_same_loss_gradients_and_dropout(string shape)
    {
        using var scope = NewDisposeScope();
        (double Loss, Dictionary<string, Tensor> Gradients, Tensor State) Step(bool recompute)
        {
            using var generator = new Generator(3);
            using var network = new EncoderNetwork(EncoderShapes.Of(shape).WithDropout(0.3), generator) { RecomputesActivations = recompute };
            Tensor loss = network.Logits(network.Hidden(Ids(), IsToken(), selection: Selections.Random(Rows, Length, 4)).Last).square().sum();
            loss.backward();
            return (loss.ToDouble(), network.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.clone()), generator.get_state());
        }

        var kept = Step(false);
        var recomputed = Step(true);
        Assert.AreEqual(kept.Loss, recomputed.Loss);
        Assert.IsTrue(kept.State.Equals(recomputed.State), "the generator stands elsewhere");
        CollectionAssert.AreEqual(kept.Gradients.Keys, recomputed.Gradients.Keys);
        foreach ((string name, Tensor gradient) in kept.Gradients)
            Assert.IsTrue(gradient.allclose(recomputed.Gradients[name], 1e-5, 1e-6 * gradient.abs().max().ToDouble()), name);
    }

    [TestMethod]
    public void Steps_leave_no_tensor_behind()
    {
        using var generator = new Generator(3);
        using var network = new EncoderNetwork(EncoderShapes.Of("bert").WithDropout(0.1), generator);
        void Step()
        {
            using var scope = NewDisposeScope();
            HiddenStates states = network.Hidden(Ids(), IsToken(), Ids() % 2, Selections.Random(Rows, Length, 4));
            (network.Logits(states.Last).square().sum() + states.Penultimate.select(1, 0).sum()).backward();
        }

        Step();
        long before = LiveTensors.OfAllThreads();
        for (int i = 0; i < 20; i++)
            Step();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void What_cannot_be_routed_is_named()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var causal = new TransformerStack(new TransformerOptions(16, 2, 2, IsCausal: true), generator);
        using var rotary = new TransformerStack(new TransformerOptions(16, 2, 2, RotaryTheta: 100), generator);
        foreach (TransformerStack stack in new[] { causal, rotary })
            StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => stack.Route(zeros(1, 2, 16))).Message, "Tokens are routed");
        using var shallow = new EncoderNetwork(EncoderOptions.Bert(50, 20, 16, 1, 2), generator);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => shallow.Hidden(Ids(), selection: Selections.Random(Rows, Length, 4))).Message, "The network has 1 layer");
    }

    private static void Run(string shape, Action<EncoderNetwork, Tensor, Tensor> test)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(3);
        using var network = new EncoderNetwork(EncoderShapes.Of(shape).With(t => t with { InitialDeviation = 0.2 }), generator);
        network.eval();
        // Two ways to one result differ by rounding alone: in double precision bounds are tight, on any machine.
        network.to(ScalarType.Float64);
        test(network, Ids(), IsToken());
    }

    private static Tensor Ids()
    {
        using var generator = new Generator(11);
        return randint(0, 50, [Rows, Length], ScalarType.Int64, generator: generator);
    }

    private static Tensor IsToken() => arange(Length).unsqueeze(0).lt(tensor(s_lengths).unsqueeze(1));

    private static void AssertClose(Tensor expected, Tensor actual, double bound)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.IsLessThanOrEqualTo(bound, (expected - actual).abs().max().ToDouble());
    }
}
