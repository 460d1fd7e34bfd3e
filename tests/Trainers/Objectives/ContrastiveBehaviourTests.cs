using MLNetExt.Objectives;
using MLNetExt.Tests.Contract;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class ContrastiveBehaviourTests
{
    public static IEnumerable<object[]> Objectives =>
    [
        [new SigmoidContrastive()],
        [new SigmoidContrastive { UseFusedKernel = false }],
        [new SigmoidContrastive(new(NegativeKind.Hard, 2))],
        [new SigmoidContrastive(new(NegativeKind.Easy, 2)) { ChunkRows = 3 }],
        [new SoftmaxContrastive()],
    ];

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void LengthsOfRawEmbeddings_DoNotMatter(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(10, 10, 4);
        var lengths = linspace(0.01, 1000, 10, dtype: ScalarType.Float64).unsqueeze(1);
        var expected = ContrastiveRun.Of(objective, batch, isRaw: true);
        var stretched = ContrastiveRun.Of(objective, batch with { Left = batch.Left * lengths, Right = batch.Right * 7 }, isRaw: true);
        Assert.That.AreClose(expected.Sum, stretched.Sum, 1e-12, "sum");
        Assert.That.AreClose(expected.LogScale, stretched.LogScale, 1e-12, "t'");
        double[] shortened = ObjectiveRun.Doubles(tensor(stretched.Left).view(10, 4) * lengths);
        Assert.That.AreClose(expected.Left, shortened, 1e-12, "left");
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void SwappingTowers_SwapsGradients(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, batch) in PairBatch.WithEveryKindOfLabels(14, 14))
        {
            if (name is not "diagonal")
                continue;
            var run = ContrastiveRun.Of(objective, batch);
            var swapped = ContrastiveRun.Of(objective, batch with { Left = batch.Right, Right = batch.Left });
            (run with { Left = run.Right, Right = run.Left }).AssertClose(swapped, 1e-12, name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void OnePair_IsItsPositiveAlone(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var run = ContrastiveRun.Of(objective, PairBatch.Random(1, 1, 3, bias: -10) with { Left = tensor(new double[,] { { 1, 0 } }), Right = tensor(new double[,] { { 0, 1 } }) });
        Assert.AreEqual(1, run.Weight);
        Assert.AreEqual(objective is SoftmaxContrastive ? 0 : 10 + Math.Log(1 + Math.Exp(-10)), run.Sum, 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void NoPairs_GiveZero(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var ids = zeros(0, dtype: ScalarType.Int64);
        foreach (var labels in new[] { null, PairLabels.OfGroups(ids, ids), PairLabels.OfMatrix(zeros(0, 0, dtype: ScalarType.Bool)) })
        {
            Tensor left = zeros(0, 2).requires_grad_(), logScale = zeros(1).requires_grad_();
            var sum = objective.Sum(left, zeros(0, 2), logScale, tensor(0f), labels);
            sum.Loss.backward();
            Assert.AreEqual(0, sum.Loss.ToDouble());
            Assert.AreEqual(0, sum.Weight);
            Assert.AreEqual(0, logScale.grad!.ToDouble());
            CollectionAssert.AreEqual(new long[] { 0, 2 }, left.grad!.shape);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void ScaledLoss_ScalesEveryGradient(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(9, 9, 4);
        var run = ContrastiveRun.Of(objective, batch);
        Tensor left = batch.Left.clone().requires_grad_(), scale = batch.LogScale.clone().requires_grad_();
        var loss = objective.Sum(left, batch.Right, scale, batch.Bias).Loss;
        (loss / 4).backward();
        Assert.That.AreClose([.. run.Left.Select(g => g / 4)], ObjectiveRun.Doubles(left.grad!), 1e-14, "left");
        Assert.That.AreClose(run.LogScale / 4, scale.grad!.ToDouble(), 1e-14, "t'");
        objective.Sum(left, batch.Right, scale, batch.Bias).Loss.backward();
        Assert.That.AreClose([.. run.Left.Select(g => g * 1.25)], ObjectiveRun.Doubles(left.grad!), 1e-14, "added");
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void WithoutGradient_LossIsTheSameAndNeedsNone(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(9, 9, 4);
        double expected = ContrastiveRun.Of(objective, batch).Sum;
        var plain = objective.Sum(batch.Left, batch.Right, batch.LogScale, batch.Bias).Loss;
        Assert.IsFalse(plain.requires_grad);
        Assert.AreEqual(expected, plain.ToDouble());
        using (no_grad())
            Assert.IsFalse(objective.Sum(batch.Left.clone().requires_grad_(), batch.Right, batch.LogScale, batch.Bias).Loss.requires_grad);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void LockedTower_GetsNoGradient(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(9, 9, 4);
        var right = batch.Right.clone().requires_grad_();
        objective.Sum(batch.Left, right, batch.LogScale, batch.Bias).Loss.backward();
        Assert.That.AreClose(ContrastiveRun.Of(objective, batch).Right, ObjectiveRun.Doubles(right.grad!), 1e-14, "right");
        Assert.IsNull(batch.Left.grad);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void HalfPrecision_IsComputedInSingle(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(9, 9, 4, ScalarType.Float32);
        Tensor left = batch.Left.to(ScalarType.Float16).requires_grad_(), right = batch.Right.to(ScalarType.Float16);
        var loss = objective.Sum(left, right, batch.LogScale, batch.Bias).Loss;
        loss.backward();
        var expected = ContrastiveRun.Of(objective, batch with { Left = left.detach().to(ScalarType.Float32), Right = right.to(ScalarType.Float32) });
        Assert.AreEqual(ScalarType.Float32, loss.dtype);
        Assert.AreEqual(expected.Sum, loss.ToDouble());
        Assert.AreEqual(ScalarType.Float16, left.grad!.dtype);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void StridedEmbeddings_EqualContiguousOnes(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(9, 9, 4);
        var transposed = batch with { Left = batch.Left.t().contiguous().t(), Right = batch.Right.t().contiguous().t() };
        ContrastiveRun.Of(objective, batch).AssertClose(ContrastiveRun.Of(objective, transposed), 1e-13, "strided");
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void ScaleOfOneElementAndOtherPrecision_KeepsItsShapeAndType(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(9, 9, 4);
        Tensor left = batch.Left.clone().requires_grad_(), scale = tensor([2f]).requires_grad_(), bias = tensor([-3f]);
        var loss = objective.Sum(left, batch.Right, scale, bias).Loss;
        (loss * 0.5).backward();
        CollectionAssert.AreEqual(new long[] { 1 }, scale.grad!.shape);
        Assert.AreEqual(ScalarType.Float32, scale.grad!.dtype);
        Assert.AreEqual(0, loss.dim());
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void NoTensorOutlivesItsScope(IContrastiveObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(8, 8, 4, ScalarType.Float32) with { Labels = PairLabels.OfGroups(arange(8), arange(8), ones(8, 8, dtype: ScalarType.Bool)) };
        Tensor left = batch.Left.clone().requires_grad_(), right = batch.Right.clone().requires_grad_();
        Tensor logScale = batch.LogScale.clone().requires_grad_(), bias = batch.Bias.clone().requires_grad_();
        void Step()
        {
            using var step = NewDisposeScope();
            objective.Sum(UnitLength.Of(left), UnitLength.Of(right), logScale, bias, batch.Labels).Loss.backward();
            foreach (var leaf in new[] { left, right, logScale, bias })
                leaf.grad = null;
        }

        Step();
        var (tensors, undisposed) = (LiveTensors.OfAllThreads(), DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        for (int i = 0; i < 1000; i++)
            Step();
        Assert.AreEqual(tensors, Tensor.TotalCount);
        Assert.AreEqual(undisposed, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void UnitLength_KeepsZeroRowsAndFiniteGradients()
    {
        using var scope = NewDisposeScope();
        var raw = tensor(new double[,] { { 3, 4 }, { 0, 0 }, { 1e-9, 0 } }).requires_grad_();
        var unit = UnitLength.Of(raw);
        Assert.That.AreClose([0.6, 0.8, 0, 0, 1e-3, 0], ObjectiveRun.Doubles(unit), 1e-15, "rows");
        unit.sum().backward();
        Assert.IsTrue(ObjectiveRun.Doubles(raw.grad!).All(g => Math.Abs(g) <= 1e6));
        Assert.AreEqual(ScalarType.Float32, UnitLength.Of(ones(2, 2, dtype: ScalarType.Float16)).dtype);
    }
}
