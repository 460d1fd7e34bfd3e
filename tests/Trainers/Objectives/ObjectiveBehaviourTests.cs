using MLNetExt.Objectives;
using MLNetExt.Tests.Contract;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class ObjectiveBehaviourTests
{
    private static readonly double[] s_classWeights = [0.5, 2, 1, 3, 0.25];

    public static IEnumerable<object[]> Objectives =>
        from fused in new[] { true, false }
        from objective in new ClassificationObjective[]
        {
            new Squentropy(0.7, s_classWeights) { UseFusedKernel = fused },
            new RescaledSquare(3, 2, s_classWeights) { UseFusedKernel = fused },
            new CrossEntropy(0.1, s_classWeights) { UseFusedKernel = fused },
        }
        select new object[] { objective };

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void Gradient_EqualsFiniteDifferences(ClassificationObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(6, 5, ScalarType.Float64, seed: 1);
        var gradient = batch.Run(objective).SumGradient;
        const double h = 1e-5;
        for (int i = 0; i < gradient.Length; i++)
        {
            double Shifted(double by)
            {
                var f = batch.Logits.clone();
                f.view(-1)[i] += by;
                return objective.Sum(f, batch.Targets, batch.RowWeights).Loss.ToDouble();
            }

            Assert.That.AreClose((Shifted(h) - Shifted(-h)) / (2 * h), gradient[i], 1e-8, $"element {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void Sum_IsTheWeightedSumOfLosses(ClassificationObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(50, 5, ScalarType.Float64, seed: 2);
        var run = batch.Run(objective);
        double[] weights = ObjectiveRun.Doubles(batch.RowWeights);
        Assert.That.AreClose(run.Losses.Zip(weights, (l, w) => l * w).Sum(), run.Sum, 1e-13, "sum");

        var targets = batch.Targets.data<long>().ToArray();
        double expected = targets.Zip(weights).Where(r => r.First >= 0).Sum(r => r.Second * s_classWeights[r.First]);
        Assert.That.AreClose(expected, run.Weight, 1e-13, "weight");
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void RowWeightZero_IsTheSameAsIgnored(ClassificationObjective objective)
    {
        double[,] logits = { { 1, -2, 0.5, 0, 3 }, { -1, 0.25, 2, 1, 1 }, { 0.1, 0.2, 0.3, 0.4, 0.5 } };
        var zero = ObjectiveRun.Of(objective, logits, [4, 1, 0], [1, 0, 2]);
        var ignored = ObjectiveRun.Of(objective, logits, [4, -100, 0], [1, 1, 2]);
        Assert.AreEqual(ignored.Sum, zero.Sum);
        Assert.AreEqual(ignored.Weight, zero.Weight);
        CollectionAssert.AreEqual(ignored.SumGradient, zero.SumGradient);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void EveryRowIgnored_GivesZeroLossWeightAndGradient(ClassificationObjective objective)
    {
        var run = ObjectiveRun.Of(objective, new double[3, 5], [-100, -100, -100]);
        Assert.AreEqual(0, run.Sum);
        Assert.AreEqual(0, run.Weight);
        CollectionAssert.AreEqual(new double[3], run.Losses);
        CollectionAssert.AreEqual(new double[15], run.SumGradient);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void RowsThatDoNotCount_MayHoldAnything(ClassificationObjective objective)
    {
        const double nan = double.NaN, infinity = double.PositiveInfinity;
        double[,] logits = { { 1, -2, 0.5, 0, 3 }, { nan, infinity, -infinity, 1e300, 0 }, { nan, infinity, -infinity, 1e300, 0 } };
        var run = ObjectiveRun.Of(objective, logits, [4, -100, 2], [1, 1, 0]);
        var alone = ObjectiveRun.Of(objective, new double[,] { { 1, -2, 0.5, 0, 3 } }, [4]);
        Assert.AreEqual(alone.Sum, run.Sum);
        CollectionAssert.AreEqual(alone.SumGradient.Concat(new double[10]).ToArray(), run.SumGradient);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void NoRows_GiveZero(ClassificationObjective objective)
    {
        using var scope = NewDisposeScope();
        var f = zeros(0, 5, dtype: ScalarType.Float64).requires_grad_();
        var sum = objective.Sum(f, zeros(0, dtype: ScalarType.Int64));
        sum.Loss.backward();
        Assert.AreEqual(0, sum.Loss.ToDouble());
        Assert.AreEqual(0, sum.Weight);
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void Locations_EqualFlattenedRows(ClassificationObjective objective)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(8);
        var f = randn([2, 5, 3, 4], dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var y = randint(0, 5, [2, 3, 4], dtype: ScalarType.Int64, generator: generator);
        var weights = rand([2, 3, 4], dtype: ScalarType.Float64, generator: generator);
        var located = objective.Sum(f, y, weights);
        located.Loss.backward();
        var losses = objective.Losses(f, y);

        var rows = f.detach().permute(0, 2, 3, 1).reshape(-1, 5).requires_grad_();
        var flat = objective.Sum(rows, y.reshape(-1), weights.reshape(-1));
        flat.Loss.backward();
        CollectionAssert.AreEqual(y.shape, losses.shape);
        Assert.AreEqual(flat.Weight, located.Weight);
        Assert.AreEqual(flat.Loss.ToDouble(), located.Loss.ToDouble());
        CollectionAssert.AreEqual(ObjectiveRun.Doubles(rows.grad!), ObjectiveRun.Doubles(f.grad!.permute(0, 2, 3, 1)));
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void BackwardTwice_AddsGradients(ClassificationObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(8, 5, ScalarType.Float64, seed: 9);
        var f = batch.Logits.clone().requires_grad_();
        var loss = objective.Sum(f, batch.Targets).Loss;
        loss.backward([], retain_graph: true);
        double[] once = ObjectiveRun.Doubles(f.grad!);
        loss.backward();
        CollectionAssert.AreEqual(once.Select(g => 2 * g).ToArray(), ObjectiveRun.Doubles(f.grad!));
        objective.Sum(f, batch.Targets).Loss.backward();
        Assert.That.AreClose([.. once.Select(g => 3 * g)], ObjectiveRun.Doubles(f.grad!), 1e-15, "three times");
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void HalfPrecisionLogits_AreComputedInSingle(ClassificationObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(8, 5, ScalarType.Float32, seed: 10);
        var half = (batch.Logits * 100).to(ScalarType.Float16);
        var loss = objective.Sum(half, batch.Targets).Loss;
        Assert.AreEqual(ScalarType.Float32, loss.dtype);
        Assert.AreEqual(objective.Sum(half.to(ScalarType.Float32), batch.Targets).Loss.ToDouble(), loss.ToDouble());
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void NaNLogit_GivesNaNLoss(ClassificationObjective objective)
    {
        for (int position = 0; position < 5; position++)
        {
            var logits = new double[1, 5];
            logits[0, position] = double.NaN;
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
                Assert.IsTrue(double.IsNaN(ObjectiveRun.Of(objective, logits, [2], dtype: dtype).Sum), $"position {position} {dtype}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void NoTensorOutlivesItsScope(ClassificationObjective objective)
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(8, 5, ScalarType.Float32, seed: 11);
        var f = batch.Logits.clone().requires_grad_();
        void Step()
        {
            using var step = NewDisposeScope();
            objective.Sum(f, batch.Targets, batch.RowWeights).Loss.backward();
            objective.Losses(f, batch.Targets).sum().backward();
            f.grad = null;
        }

        Step();
        var before = LiveTensors.OfAllThreads();
        for (int i = 0; i < 20; i++)
            Step();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    [DataRow(0, false)]
    [DataRow(0.15, false)]
    [DataRow(0, true)]
    [DataRow(0.15, true)]
    public void CrossEntropyMean_EqualsTorchMean(double smoothing, bool weighted)
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(40, 5, ScalarType.Float64, seed: 12);
        var weight = weighted ? tensor(s_classWeights) : null;
        // torch divides smoothed losses by the targets' weights too.
        double expected = nn.functional.cross_entropy(batch.Logits, batch.Targets, weight, label_smoothing: smoothing).ToDouble();
        var sum = new CrossEntropy(smoothing, weighted ? s_classWeights : null).Sum(batch.Logits, batch.Targets);
        Assert.That.AreClose(expected, sum.Loss.ToDouble() / sum.Weight, 1e-13, "mean");
    }
}
