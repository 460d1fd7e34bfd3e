using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;
using TokenBatch = MLNetExt.Tests.Networks.TokenBatch;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>One batch of masked training, against the same computed in plain words.</summary>
[TestClass]
public sealed class MaskedStepTests
{
    // Padding, the first token of each row, two special ones and the mask, then words.
    private const int Pad = 0, Start = 1, Mask = 4, FirstWord = 5, VocabularySize = 30, Layers = 4;
    private const double Lambda = 2;

    private static readonly DropRule s_rule = new() { PinnedIds = [Start, 2, 3, Mask], DeniedIds = [Pad] };

    [TestMethod]
    [DataRow(NormPlacement.Pre, ConsistencySecondTerm.Full, false, ConsistencyScale.Sum, EncoderPooling.FirstToken)]
    [DataRow(NormPlacement.Pre, ConsistencySecondTerm.Released, true, ConsistencyScale.Mean, EncoderPooling.Mean)]
    [DataRow(NormPlacement.Post, ConsistencySecondTerm.Full, true, ConsistencyScale.Mean, EncoderPooling.FirstToken)]
    [DataRow(NormPlacement.Post, ConsistencySecondTerm.Released, false, ConsistencyScale.Sum, EncoderPooling.Mean)]
    public void A_consistent_update_has_the_gradients_of_the_formula(object norm, ConsistencySecondTerm secondTerm, bool detach, ConsistencyScale scale, EncoderPooling representation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using EncoderNetwork network = Network((NormPlacement)norm, generator);
        TensorBatch batch = TokenBatch.Of(s_rows);
        var columns = new EncoderColumns(TokenBatch.Column, null, PadId: null);
        var step = new MaskedStep(network, columns, Corruption(), generator, () => { })
        {
            Dropper = Dropper(),
            Consistency = new SemanticConsistency(Lambda, 3) { SecondTerm = secondTerm, DetachReference = detach, Scale = scale },
            Representation = representation,
        };
        Dictionary<string, Tensor> actual = Gradients(network, () => step.Accumulate(batch));

        // What the step must have read, and which tokens it kept.
        EncoderRows rows = columns.Read(batch);
        CorruptedTokens tokens = Corruption().Apply(rows, epoch: 0);
        Tensor inputs = tokens.InputTensor(VocabularySize, CPU), places = tensor(tokens.Places), targets = tensor(Array.ConvertAll(tokens.Targets, id => (long)id));
        TokenSelection selection = Dropper().Select(tokens, update: 0, batch: 1, CPU)!;
        Tensor Vector(Tensor states)
        {
            Tensor isToken = rows.IsToken.unsqueeze(2).to(ScalarType.Float32);
            Tensor vectors = representation == EncoderPooling.Mean ? (states * isToken).sum(1) / isToken.sum(1) : states.select(1, 0);
            return (NormPlacement)norm == NormPlacement.Pre ? (vectors - vectors.mean([1], keepdim: true)) / (vectors.var(1, unbiased: false, keepdim: true) + 1e-5).sqrt() : vectors;
        }

        Tensor Divergence(Tensor reference, Tensor other)
        {
            Tensor p = nn.functional.softmax(Vector(detach ? reference.detach() : reference), 1), q = nn.functional.softmax(Vector(other), 1);
            return (p * (p / q).log()).sum();
        }

        Dictionary<string, Tensor> Expected(double weight, Func<HiddenStates, HiddenStates, Tensor> divergences) => Gradients(network, () =>
        {
            HiddenStates full = network.Hidden(inputs, rows.IsToken), dropped = network.Hidden(inputs, rows.IsToken, selection: selection);
            Tensor CrossEntropy(Tensor last) => nn.functional.cross_entropy(network.Logits(last).flatten(0, 1).index_select(0, places), targets, reduction: nn.Reduction.Sum);
            Tensor droppedLoss = CrossEntropy(dropped.Last), secondLoss = secondTerm == ConsistencySecondTerm.Full ? CrossEntropy(full.Last) : droppedLoss;
            (0.5 * droppedLoss + 0.5 * secondLoss + weight * divergences(full, dropped)).backward();
        });

        Tensor Right(HiddenStates full, HiddenStates dropped) => Divergence(full.Penultimate, dropped.Penultimate) + Divergence(full.Last, dropped.Last);
        double tokensOfARow = (double)tokens.Places.Length / s_rows.Length, weight = scale == ConsistencyScale.Mean ? Lambda * tokensOfARow : Lambda;
        Assert.IsLessThan(1e-4, Distance(Expected(weight, Right), actual));
        // What could be mistaken, and would be seen.
        Assert.IsGreaterThan(1e-3, Distance(Expected(weight, (full, dropped) => Right(dropped, full)), actual), "the passes exchanged");
        Assert.IsGreaterThan(1e-3, Distance(Expected(weight, (full, dropped) => 2 * Divergence(full.Penultimate, dropped.Penultimate)), actual), "one layer twice");
        Assert.IsGreaterThan(1e-3, Distance(Expected(scale == ConsistencyScale.Mean ? Lambda : Lambda * tokensOfARow, Right), actual), "another scale");
    }

    [TestMethod]
    public void Other_updates_are_those_of_the_dropped_pass()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using EncoderNetwork network = Network(NormPlacement.Pre, generator);
        MaskedStep Step(SemanticConsistency? consistency) =>
            new(network, new EncoderColumns(TokenBatch.Column, null, PadId: null), Corruption(), generator, () => { }) { Dropper = Dropper(), Consistency = consistency };
        Dictionary<string, Tensor> Second(MaskedStep step)
        {
            Gradients(network, () => step.Accumulate(TokenBatch.Of(s_rows)));
            step.Finish();
            return Gradients(network, () => step.Accumulate(TokenBatch.Of(s_rows)));
        }

        Assert.AreEqual(0, Distance(Second(Step(null)), Second(Step(new SemanticConsistency(Lambda, 2)))));
        Assert.IsGreaterThan(1e-2, Distance(Second(Step(null)), Second(Step(new SemanticConsistency(Lambda, 1)))));
    }

    [TestMethod]
    public void Padding_in_rows_does_not_change_the_loss()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using EncoderNetwork network = Network(NormPlacement.Pre, generator);
        using (no_grad())
            network.state_dict()["positions"].zero_();
        StepLoss Loss(params long[][] rows)
        {
            network.zero_grad();
            return new MaskedStep(network, new EncoderColumns(TokenBatch.Column, null, Pad), Corruption(), generator, () => { }).Accumulate(TokenBatch.Of(rows));
        }

        long[] row = s_rows[0];
        StepLoss expected = Loss(row, row, row);
        StepLoss actual = Loss([Pad, Pad, .. row], [.. row[..3], Pad, .. row[3..], Pad], [.. row, Pad, Pad]);
        Assert.AreEqual(expected.Weight, actual.Weight);
        Assert.IsGreaterThan(0, expected.Weight);
        Assert.AreEqual(expected.LossSum.ToDouble(), actual.LossSum.ToDouble(), 1e-4);
    }

    [TestMethod]
    public void A_loss_that_is_not_finite_is_left_to_the_loop_and_teaches_nothing()
    {
        using var scope = NewDisposeScope();
        TokenDropper dropper = Dropper();
        dropper.Add([7, 8], tensor(new[] { 1f, float.NaN }));
        dropper.Update();
        Assert.AreEqual(TokenImportance.InitialValue, dropper.Importance.Values[7]);
        dropper.Add([7], tensor(new[] { 1f }));
        dropper.Update();
        Assert.IsLessThan(TokenImportance.InitialValue, dropper.Importance.Values[7]);
        Assert.AreEqual(TokenImportance.InitialValue, dropper.Importance.Values[8]);
    }

    [TestMethod]
    [DataRow(TokenDroppingScore.Random)]
    [DataRow(TokenDroppingScore.Frequency)]
    public void Nothing_is_learned_of_losses_that_do_not_choose(TokenDroppingScore score)
    {
        using var scope = NewDisposeScope();
        TokenDropper dropper = Dropper(score);
        dropper.Add([7], tensor(new[] { 1f }));
        dropper.Update();
        Assert.AreEqual(TokenImportance.InitialValue, dropper.Importance.Values[7]);
    }

    private static readonly long[][] s_rows =
        [.. new[] { 9, 6, 8, 7 }.Select((length, row) => Enumerable.Range(0, length).Select(t => t == 0 ? Start : (long)(FirstWord + (((7 * row) + (3 * t)) % (VocabularySize - FirstWord)))).ToArray())];

    private static EncoderNetwork Network(NormPlacement norm, Generator generator)
    {
        var network = new EncoderNetwork(new EncoderOptions(VocabularySize, 16, new TransformerOptions(16, Layers, 2, Norm: norm), HasEmbeddingNorm: norm == NormPlacement.Post), generator);
        // Initial weights hardly tell tokens apart, and both passes would be nearly equal.
        using var noGradients = no_grad();
        foreach (Tensor weight in network.parameters().Where(p => p.dim() > 1))
            weight.mul_(4);
        return network;
    }

    private static TokenCorruption Corruption() =>
        new(new MaskPolicy(new MaskingOptions { Rate = 0.5 }.Rule(seed: 1), new MaskVocabulary(VocabularySize, Mask) { SpecialIds = [Pad, Start, 2, 3, Mask] }), VocabularySize);

    private static TokenDropper Dropper(TokenDroppingScore score = TokenDroppingScore.Loss) =>
        new(new EncoderDroppingOptions { Kind = TokenDroppingKind.Consistent, Score = score }, s_rule, new long[VocabularySize], updates: 10);

    private static Dictionary<string, Tensor> Gradients(EncoderNetwork network, Action backward)
    {
        network.zero_grad();
        backward();
        return network.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.clone());
    }

    /// <summary>The largest distance of two gradients of a parameter, relative to the largest gradient of all.</summary>
    private static double Distance(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
        return expected.Max(gradient => (gradient.Value - actual[gradient.Key]).abs().max().ToDouble()) / expected.Values.Max(gradient => gradient.abs().max().ToDouble());
    }
}
