using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class CompletionLossTests
{
    private static readonly CompletionLoss s_pairwise = new(new PairwiseCringe(new(3)) { DetachGate = false }) { BlockRows = 4 };

    public static IEnumerable<object[]> Objectives =>
    [
        [new PairwiseCringe()],
        [new BinaryCringe()],
        [new Unlikelihood()],
        [new ChosenCrossEntropy()],
        [new DirectPreference()],
        [new IdentityPreference()],
        [new HingePreference()],
        [new ContrastivePreference()],
        [new SimplePreference()],
        [new OddsRatioPreference()],
        [new KahnemanTversky()],
    ];

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void PairWithAnEmptyCompletion_DoesNotCount(IPreferenceObjective objective)
    {
        using var scope = NewDisposeScope();
        var whole = PreferenceInput.Random(5, 9);
        // Without the chosen completion of pair 1 and the rejected one of pair 3.
        var targets = whole.Batch.Targets.index_fill(0, tensor([1L, 8]), -100);
        var rest = tensor([0L, 2, 4, 5, 7, 9]);
        var expected = CompletionRun.Of(
            new(objective), whole.Hidden.index_select(0, rest), whole.Head,
            CompletionBatch.Pairs(targets.index_select(0, rest)) with { Reference = whole.Batch.Reference!.index_select(0, rest) });
        var actual = CompletionRun.Of(new(objective), whole.Hidden, whole.Head, CompletionBatch.Pairs(targets) with { Reference = whole.Batch.Reference });
        Assert.That.AreClose(expected.Sum, actual.Sum, 1e-12, "sum");
        Assert.AreEqual(expected.Weight, actual.Weight);
        Assert.AreEqual(expected.Losses.Length + (objective.NeedsPairs ? 2 : 4), actual.Losses.Length);
        Assert.AreEqual(0, actual.Losses[1]);
        Assert.AreEqual(0, actual.Losses[3]);
        Assert.That.AreClose(expected.Head, actual.Head, 1e-12, "head");
        foreach (string name in expected.Metrics.Keys)
            Assert.That.AreClose(expected.Metric(name), actual.Metric(name), 1e-12, name);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void NothingButPadding_GivesZero(IPreferenceObjective objective)
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(2, 9);
        foreach (int count in new[] { 4, 0 })
        {
            var batch = CompletionBatch.Pairs(full_like(input.Batch.Targets, -100).narrow(0, 0, count)) with { Reference = zeros(count) };
            var run = CompletionRun.Of(new(objective), input.Hidden.narrow(0, 0, count), input.Head, batch);
            Assert.AreEqual((0.0, 0.0, 0), (run.Sum, run.Weight, run.Metrics.Count));
            Assert.IsTrue(run.Hidden.Concat(run.Head).All(g => g == 0));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void SumsOfParts_AddUp(IPreferenceObjective objective)
    {
        using var scope = NewDisposeScope();
        var whole = PreferenceInput.Random(5, 9);
        // The zero of KTO is given: it is of the batch otherwise.
        var batch = whole.Batch with { Divergence = 0.7 };
        CompletionRun Part(params long[] pairs)
        {
            var rows = tensor((long[])[.. pairs, .. pairs.Select(p => p + 5)]);
            return CompletionRun.Of(
                new(objective), whole.Hidden.index_select(0, rows), whole.Head,
                CompletionBatch.Pairs(batch.Targets.index_select(0, rows)) with { Reference = batch.Reference!.index_select(0, rows), Divergence = 0.7 });
        }

        var expected = CompletionRun.Of(new(objective), whole.Hidden, whole.Head, batch);
        CompletionRun first = Part(0, 3), rest = Part(1, 2, 4);
        Assert.That.AreClose(expected.Sum, first.Sum + rest.Sum, 1e-12, "sum");
        Assert.AreEqual(expected.Weight, first.Weight + rest.Weight);
        Assert.That.AreClose(expected.Head, [.. first.Head.Zip(rest.Head, (a, b) => a + b)], 1e-12, "head");
        if (objective.NeedsPairs)
        {
            foreach (string name in expected.Metrics.Keys)
            {
                Assert.That.AreClose(expected.Metrics[name].Sum, first.Metrics[name].Sum + rest.Metrics[name].Sum, 1e-12, name);
                Assert.AreEqual(expected.Metrics[name].Weight, first.Metrics[name].Weight + rest.Metrics[name].Weight, name);
            }
        }
    }

    [TestMethod]
    public void SameGenerator_DrawsTheSame_WhateverTheBlocksAndThePath()
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(6, 40);
        double Sum(ulong seed, bool fused, int? blockRows)
            => new CompletionLoss(new BinaryCringe()) { UseFusedKernel = fused, BlockRows = blockRows }.Sum(input.Hidden, input.Head, input.Batch, new Generator(seed)).Loss.ToDouble();
        double one = Sum(1, true, null);
        Assert.AreEqual(one, Sum(1, true, 3), 1e-12);
        Assert.AreEqual(one, Sum(1, false, 1), 1e-12);
        Assert.AreNotEqual(one, Sum(2, true, null), 1e-3);

        // One generator goes on.
        var generator = new Generator(1);
        var loss = new CompletionLoss(new BinaryCringe());
        Assert.AreEqual(one, loss.Sum(input.Hidden, input.Head, input.Batch, generator).Loss.ToDouble(), 1e-12);
        Assert.AreNotEqual(one, loss.Sum(input.Hidden, input.Head, input.Batch, generator).Loss.ToDouble(), 1e-3);
    }

    [TestMethod]
    public void Scores_AreThoseOfTheLoss_WithoutGradient()
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(3, 9);
        var scores = s_pairwise.Scores(input.Hidden.requires_grad_(), input.Head, input.Batch);
        var sum = s_pairwise.Objective.Sum(scores);
        Assert.IsFalse(sum.Loss.requires_grad);
        Assert.AreEqual(CompletionRun.Of(s_pairwise, input.Hidden, input.Head, input.Batch).Sum, sum.Loss.ToDouble(), 1e-12);
        // Scoring asks for no reference and no pairs.
        var unpaired = new CompletionLoss(new DirectPreference()).Scores(input.Hidden, input.Head, new(input.Batch.Targets, input.Batch.IsDesired));
        Assert.IsTrue(scores.LogProbabilities.allclose(unpaired.LogProbabilities));
        Assert.IsNull(unpaired.Contrasts);
        Assert.IsTrue(scores.Lengths.eq(input.Batch.Targets.ne(-100).sum(1)).all().ToBoolean());
    }

    [TestMethod]
    public void ScaledLoss_ScalesTheGradients_EveryTime()
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(3, 9);
        var run = CompletionRun.Of(s_pairwise, input.Hidden, input.Head, input.Batch);
        Tensor hidden = input.Hidden.clone().requires_grad_(), head = input.Head.clone().requires_grad_();
        var loss = s_pairwise.Sum(hidden, head, input.Batch).Loss * 0.25;
        autograd.grad([loss], [hidden, head], retain_graph: true);
        var again = autograd.grad([loss], [hidden, head]);
        Assert.That.AreClose([.. run.Hidden.Select(g => g / 4)], ObjectiveRun.Doubles(again[0]), 1e-15, "hidden");
        Assert.That.AreClose([.. run.Head.Select(g => g / 4)], ObjectiveRun.Doubles(again[1]), 1e-15, "head");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void OneSideDifferentiated_GivesThatGradient(bool fused)
    {
        using var scope = NewDisposeScope();
        var loss = new CompletionLoss(s_pairwise.Objective) { UseFusedKernel = fused };
        var input = PreferenceInput.Random(3, 9);
        var run = CompletionRun.Of(loss, input.Hidden, input.Head, input.Batch);
        Tensor hidden = input.Hidden.clone().requires_grad_(), head = input.Head.clone().requires_grad_();
        var byHidden = autograd.grad([loss.Sum(hidden, input.Head, input.Batch).Loss], [hidden])[0];
        var byHead = autograd.grad([loss.Sum(input.Hidden, head, input.Batch).Loss], [head])[0];
        Assert.That.AreClose(run.Hidden, ObjectiveRun.Doubles(byHidden), 1e-14, "hidden");
        Assert.That.AreClose(run.Head, ObjectiveRun.Doubles(byHead), 1e-14, "head");

        Assert.IsFalse(loss.Sum(input.Hidden, input.Head, input.Batch).Loss.requires_grad);
        using var noGradient = no_grad();
        var without = loss.Sum(hidden, head, input.Batch).Loss;
        Assert.IsFalse(without.requires_grad);
        Assert.AreEqual(run.Sum, without.ToDouble(), 1e-12);
    }

    [TestMethod]
    public void HalfPrecision_IsComputedInSingle()
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(3, 9, ScalarType.Float32);
        Tensor hidden = input.Hidden.to(ScalarType.BFloat16).detach().requires_grad_(), head = input.Head.to(ScalarType.BFloat16);
        var sum = s_pairwise.Sum(hidden, head, input.Batch);
        sum.Loss.backward();
        var single = CompletionRun.Of(s_pairwise, hidden.to(ScalarType.Float32), head.to(ScalarType.Float32), input.Batch);
        Assert.AreEqual(single.Sum, sum.Loss.ToDouble());
        Assert.AreEqual(ScalarType.Float32, sum.Loss.dtype);
        Assert.AreEqual(ScalarType.BFloat16, hidden.grad!.dtype);
    }

    [TestMethod]
    public void StridedInputs_EqualContiguousOnes()
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(3, 9);
        var strided = new PreferenceInput(
            input.Hidden.transpose(0, 1).contiguous().transpose(0, 1), input.Head.t().contiguous().t(),
            CompletionBatch.Pairs(input.Batch.Targets.t().contiguous().t()) with { Reference = stack([input.Batch.Reference!, zeros(6)], 1).select(1, 0) });
        Assert.IsFalse(strided.Hidden.is_contiguous() || strided.Head.is_contiguous() || strided.Batch.Targets.is_contiguous() || strided.Batch.Reference!.is_contiguous());
        foreach (var objective in new IPreferenceObjective[] { s_pairwise.Objective, new DirectPreference() })
        {
            var expected = CompletionRun.Of(new(objective), input.Hidden, input.Head, input.Batch);
            expected.AssertClose(CompletionRun.Of(new(objective), strided.Hidden, strided.Head, strided.Batch), 1e-12, "strided");
        }
    }

    [TestMethod]
    public void ObjectiveOfAThirdParty_GetsItsGradient()
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(3, 9);
        Tensor hidden = input.Hidden.nan_to_num(0).requires_grad_(), head = input.Head.clone().requires_grad_();
        var logProbabilities = hidden.matmul(head.t()).log_softmax(2).gather(2, input.Batch.Targets.clamp(min: 0).unsqueeze(2)).squeeze(2) * input.Batch.Targets.ne(-100);
        var expected = autograd.grad([(logProbabilities.sum() + 20).square() / 2 - logProbabilities.square().sum()], [hidden, head]);
        var actual = autograd.grad([new CompletionLoss(new Coupled()).Sum(hidden, head, input.Batch).Loss], [hidden, head]);
        for (int i = 0; i < 2; i++)
            Assert.That.AreClose(ObjectiveRun.Doubles(expected[i]), ObjectiveRun.Doubles(actual[i]), 1e-12, $"{i}");
    }

    [TestMethod]
    public void ThousandSteps_LeaveNoTensors()
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(3, 9, ScalarType.Float32);
        var generator = new Generator(1);
        Tensor hidden = input.Hidden.requires_grad_(), head = input.Head.requires_grad_();
        void Step()
        {
            using var step = NewDisposeScope();
            autograd.grad([s_pairwise.Sum(hidden, head, input.Batch, generator).Loss], [hidden, head]);
            s_pairwise.Scores(hidden, head, input.Batch);
        }

        Step();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 1000; i++)
            Step();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>A loss in which all tokens of the batch depend on each other, with gradients of both signs.</summary>
    private sealed class Coupled : IPreferenceObjective
    {
        public bool NeedsReference => false;

        public bool NeedsPairs => false;

        public CringeContrast? Contrast => null;

        public PreferenceSum Sum(CompletionScores scores)
        {
            var loss = (scores.LogProbabilities.sum() + 20).square() / 2 - scores.LogProbabilities.square().sum();
            return new(loss.unsqueeze(0), 1, new Dictionary<string, MetricSum>());
        }
    }
}
