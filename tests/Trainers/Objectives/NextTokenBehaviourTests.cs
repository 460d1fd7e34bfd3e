using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class NextTokenBehaviourTests
{
    private static readonly NextTokenCrossEntropy s_objective = new() { BlockRows = 4 };

    public static IEnumerable<object[]> Paths => [[true], [false]];

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void NothingKept_GivesZeroAndZeroGradients(bool fused)
    {
        using var scope = NewDisposeScope();
        var objective = new NextTokenCrossEntropy { UseFusedKernel = fused };
        var batch = NextTokenBatch.Random(6, 3, 5);
        // NaN in states that are not kept reaches nothing.
        var none = batch with { Hidden = batch.Hidden * double.NaN, Targets = full_like(batch.Targets, -100) };
        var empty = new NextTokenBatch(batch.Hidden.slice(0, 0, 0, 1), batch.Head, batch.Targets.slice(0, 0, 0, 1), zeros(0));
        foreach (var (name, nothing) in new[] { ("ignored", none), ("empty", empty) })
        {
            var run = NextTokenRun.Of(objective, nothing);
            Assert.AreEqual((0.0, 0.0, 0L, 0L, 0.0), (run.Sum, run.Weight, run.KeptCount, run.DroppedCount, run.DroppedLoss), name);
            Assert.IsTrue(run.Hidden.Concat(run.Head).Concat(run.LogProbabilities).All(x => x == 0), name);
        }

        var dropped = NextTokenRun.Of(objective, batch with { Weights = zeros(6) });
        Assert.AreEqual((0.0, 0.0, 0L), (dropped.Sum, dropped.Weight, dropped.KeptCount));
        Assert.IsTrue(dropped.Hidden.Concat(dropped.Head).All(x => x == 0));
        Assert.IsGreaterThan(0, dropped.DroppedLoss!.Value);
    }

    [TestMethod]
    public void NaNInADroppedState_ReachesNothing_InAKeptOne_ReachesTheLoss()
    {
        using var scope = NewDisposeScope();
        var batch = NextTokenBatch.Random(5, 3, 11) with { Targets = arange(5), Weights = tensor([1f, 0, 1, 1, 1]) };
        batch.Hidden[1] = tensor(double.NaN);
        var run = NextTokenRun.Of(s_objective, batch);
        Assert.IsTrue(double.IsFinite(run.Sum) && run.Hidden.Concat(run.Head).All(double.IsFinite));
        Assert.IsTrue(double.IsNaN(run.DroppedLoss!.Value));
        Assert.IsTrue(double.IsNaN(NextTokenRun.Of(s_objective, batch with { Weights = null }).Sum));
    }

    [TestMethod]
    public void Sequences_EqualTheirRows()
    {
        using var scope = NewDisposeScope();
        var rows = NextTokenBatch.Random(12, 3, 7);
        Tensor hidden = rows.Hidden.view(3, 4, 3), targets = rows.Targets.view(3, 4), weights = rows.Weights!.view(3, 4);
        var expected = NextTokenRun.Of(s_objective, rows);
        var sum = s_objective.Sum(hidden, rows.Head, targets, weights);
        Assert.AreEqual(expected.Sum, sum.Loss.ToDouble());
        Assert.IsNull(sum.DroppedLoss);
        var logProbabilities = s_objective.LogProbabilities(hidden, rows.Head, targets);
        CollectionAssert.AreEqual(new long[] { 3, 4 }, logProbabilities.shape);
        CollectionAssert.AreEqual(expected.LogProbabilities, ObjectiveRun.Doubles(logProbabilities));
    }

    [TestMethod]
    public void PartsOfABatch_AddUp()
    {
        using var scope = NewDisposeScope();
        var batch = NextTokenBatch.Random(11, 3, 7);
        var whole = NextTokenRun.Of(s_objective, batch);
        NextTokenRun Part(long start, long end) => NextTokenRun.Of(s_objective, new(
            batch.Hidden.slice(0, start, end, 1), batch.Head, batch.Targets.slice(0, start, end, 1), batch.Weights!.slice(0, start, end, 1)));
        NextTokenRun first = Part(0, 4), rest = Part(4, 11);
        Assert.AreEqual(whole.Sum, first.Sum + rest.Sum, 1e-12);
        Assert.AreEqual(whole.Weight, first.Weight + rest.Weight);
        Assert.That.AreClose(whole.Head, [.. first.Head.Zip(rest.Head, (a, b) => a + b)], 1e-12, "head");
    }

    [TestMethod]
    public void ScaledLoss_ScalesTheGradients_EveryTime()
    {
        using var scope = NewDisposeScope();
        var batch = NextTokenBatch.Random(9, 3, 7);
        var run = NextTokenRun.Of(s_objective, batch);
        Tensor hidden = batch.Hidden.clone().requires_grad_(), head = batch.Head.clone().requires_grad_();
        var loss = s_objective.Sum(hidden, head, batch.Targets, batch.Weights).Loss * 0.25;
        autograd.grad([loss], [hidden, head], retain_graph: true);
        var again = autograd.grad([loss], [hidden, head]);
        Assert.That.AreClose([.. run.Hidden.Select(g => g / 4)], ObjectiveRun.Doubles(again[0]), 1e-15, "hidden");
        Assert.That.AreClose([.. run.Head.Select(g => g / 4)], ObjectiveRun.Doubles(again[1]), 1e-15, "head");
    }

    [TestMethod]
    public void TiedHead_AddsToTheEmbeddingsGradient()
    {
        using var scope = NewDisposeScope();
        var batch = NextTokenBatch.Random(9, 4, 7);
        var inputs = randint(0, 7, 9, dtype: ScalarType.Int64, generator: new Generator(2));
        Tensor Gradient(Func<Tensor, Tensor, Tensor> loss)
        {
            var embeddings = batch.Head.clone().requires_grad_();
            return autograd.grad([loss(embeddings.index_select(0, inputs).tanh(), embeddings)], [embeddings])[0];
        }

        var expected = Gradient((hidden, head) => nn.functional.cross_entropy(
            hidden.mm(head.t()), batch.Targets.masked_fill(batch.Weights!.eq(0), -100), ignore_index: -100, reduction: nn.Reduction.Sum));
        var actual = Gradient((hidden, head) => s_objective.Sum(hidden, head, batch.Targets, batch.Weights).Loss);
        Assert.That.AreClose(ObjectiveRun.Doubles(expected), ObjectiveRun.Doubles(actual), 1e-12, "embeddings");
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void OneSideDifferentiated_GivesThatGradient(bool fused)
    {
        using var scope = NewDisposeScope();
        var objective = new NextTokenCrossEntropy { UseFusedKernel = fused };
        var batch = NextTokenBatch.Random(9, 3, 7);
        var run = NextTokenRun.Of(objective, batch);
        Tensor hidden = batch.Hidden.clone().requires_grad_(), head = batch.Head.clone().requires_grad_();
        var byHidden = autograd.grad([objective.Sum(hidden, batch.Head, batch.Targets, batch.Weights).Loss], [hidden])[0];
        var byHead = autograd.grad([objective.Sum(batch.Hidden, head, batch.Targets, batch.Weights).Loss], [head])[0];
        CollectionAssert.AreEqual(run.Hidden, ObjectiveRun.Doubles(byHidden));
        CollectionAssert.AreEqual(run.Head, ObjectiveRun.Doubles(byHead));

        Assert.IsFalse(objective.Sum(batch.Hidden, batch.Head, batch.Targets, batch.Weights).Loss.requires_grad);
        using var noGradient = no_grad();
        var loss = objective.Sum(hidden, head, batch.Targets, batch.Weights).Loss;
        Assert.IsFalse(loss.requires_grad);
        Assert.AreEqual(run.Sum, loss.ToDouble(), 1e-12);
    }

    [TestMethod]
    [DataRow(ScalarType.Float16)]
    [DataRow(ScalarType.BFloat16)]
    public void HalfPrecision_IsComputedInSingle(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var batch = NextTokenBatch.Random(9, 3, 7, ScalarType.Float32);
        Tensor hidden = batch.Hidden.to(dtype).detach().requires_grad_(), head = batch.Head.to(dtype);
        var sum = s_objective.Sum(hidden, head, batch.Targets, batch.Weights);
        sum.Loss.backward();
        var single = NextTokenRun.Of(s_objective, batch with { Hidden = hidden.to(ScalarType.Float32), Head = head.to(ScalarType.Float32) });
        Assert.AreEqual(single.Sum, sum.Loss.ToDouble());
        Assert.AreEqual(dtype, hidden.grad!.dtype);
        Assert.AreEqual(ScalarType.Float32, s_objective.LogProbabilities(hidden, head, batch.Targets).dtype);
    }

    [TestMethod]
    public void StridedInputs_EqualContiguousOnes()
    {
        using var scope = NewDisposeScope();
        var batch = NextTokenBatch.Random(9, 3, 7);
        // Every second element of something larger, and transposed.
        Tensor Every2nd(Tensor rows) => stack([rows, zeros_like(rows)], 1).flatten(0, 1).slice(0, 0, rows.shape[0] * 2, 2);
        var strided = new NextTokenBatch(Every2nd(batch.Hidden), batch.Head.t().contiguous().t(), Every2nd(batch.Targets), Every2nd(batch.Weights!));
        Assert.IsFalse(strided.Head.is_contiguous() || strided.Targets.is_contiguous());
        NextTokenRun.Of(s_objective, batch).AssertClose(NextTokenRun.Of(s_objective, strided), 1e-12, "strided");
    }

    [TestMethod]
    public void ThousandSteps_LeaveNoTensors()
    {
        using var scope = NewDisposeScope();
        var batch = NextTokenBatch.Random(9, 3, 7, ScalarType.Float32);
        Tensor hidden = batch.Hidden.requires_grad_(), head = batch.Head.requires_grad_();
        void Step()
        {
            using var step = NewDisposeScope();
            var sum = s_objective.Sum(hidden, head, batch.Targets, batch.Weights, withDropped: true);
            autograd.grad([sum.Loss], [hidden, head]);
            s_objective.LogProbabilities(hidden, head, batch.Targets);
        }

        Step();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 1000; i++)
            Step();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
