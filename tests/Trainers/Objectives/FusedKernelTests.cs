using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The fused kernel against torch operations, over shapes, weights and element types.</summary>
[TestClass]
public sealed class FusedKernelTests
{
    private static readonly (int Rows, int Classes)[] s_shapes =
        [(1, 2), (1, 1000), (2, 3), (7, 2), (5, 17), (64, 26), (33, 31), (257, 129), (40, 1000), (700, 64)];

    [TestMethod]
    [DataRow(ScalarType.Float64, 1e-12)]
    [DataRow(ScalarType.Float32, 1e-5)]
    public void SumAndGradient_EqualTorch(ScalarType dtype, double tolerance)
        => ForEachBatch(dtype, (objectives, batch, what) =>
        {
            var (fused, torchPath) = (batch.Run(objectives.Fused), batch.Run(objectives.Torch));
            Assert.That.AreClose(torchPath.Sum, fused.Sum, tolerance, $"{what} sum");
            Assert.AreEqual(torchPath.Weight, fused.Weight, 1e-12, $"{what} weight");
            Assert.That.AreClose(torchPath.SumGradient, fused.SumGradient, tolerance, $"{what} gradient");
            Assert.That.AreClose(torchPath.Losses, fused.Losses, tolerance, $"{what} losses");
        });

    [TestMethod]
    [DataRow(ScalarType.Float64, 1e-12)]
    [DataRow(ScalarType.Float32, 1e-5)]
    public void LossesWithUpstreamGradient_EqualTorch(ScalarType dtype, double tolerance)
        => ForEachBatch(dtype, (objectives, batch, what) =>
            Assert.That.AreClose(batch.LossesGradient(objectives.Torch), batch.LossesGradient(objectives.Fused), tolerance, what));

    [TestMethod]
    public void ScaledLoss_ScalesTheGradient()
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(9, 5, ScalarType.Float64, seed: 3);
        var f = batch.Logits.clone().requires_grad_();
        (new Squentropy().Sum(f, batch.Targets, batch.RowWeights).Loss * 0.25).backward();
        double[] expected = [.. batch.Run(new Squentropy()).SumGradient.Select(g => g / 4)];
        Assert.That.AreClose(expected, ObjectiveRun.Doubles(f.grad!), 1e-15, "gradient");
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(1001)]
    public void SinglePrecisionProbabilities_AreAccurateToTheLastDigits(int classes)
    {
        using var scope = NewDisposeScope();
        // Down to e^-80: the probabilities stay normal numbers.
        var f = -linspace(0, 80, classes, dtype: ScalarType.Float32).unsqueeze(0);
        float[] logits = f.data<float>().ToArray();
        f.requires_grad_();
        new CrossEntropy().Sum(f, tensor([0L])).Loss.backward();

        double sum = logits.Sum(x => Math.Exp(x));
        double[] probabilities = ObjectiveRun.Doubles(f.grad!);
        for (int c = 1; c < classes; c++)
            Assert.AreEqual(1, probabilities[c] / (Math.Exp(logits[c]) / sum), 4e-7, $"exp({logits[c]})");
    }

    [TestMethod]
    public void TransposedLogits_EqualContiguousOnes()
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(6, 4, ScalarType.Float64, seed: 4);
        var transposed = batch.Logits.t().contiguous().requires_grad_();
        var sum = new Squentropy().Sum(transposed.t(), batch.Targets, batch.RowWeights);
        sum.Loss.backward();
        var expected = batch.Run(new Squentropy());
        Assert.AreEqual(expected.Sum, sum.Loss.ToDouble());
        CollectionAssert.AreEqual(expected.SumGradient, ObjectiveRun.Doubles(transposed.grad!.t()));
    }

    [TestMethod]
    public void ResultDoesNotDependOnThreads()
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(999, 101, ScalarType.Float32, seed: 5);
        var one = batch.Run(new Squentropy());
        Parallel.For(0, 8, _ =>
        {
            using var inner = NewDisposeScope();
            try
            {
                set_num_threads(2);
                var two = batch.Run(new Squentropy());
                Assert.AreEqual(one.Sum, two.Sum);
                CollectionAssert.AreEqual(one.SumGradient, two.SumGradient);
            }
            finally
            {
                // The pool's threads live on, and would keep theirs: later tests would score with two.
                set_num_threads(1);
            }
        });
    }

    [TestMethod]
    public void WithoutGradient_LossIsTheSameAndNeedsNone()
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Random(21, 13, ScalarType.Float64, seed: 6);
        var expected = batch.Run(new Squentropy());
        var plain = new Squentropy().Sum(batch.Logits, batch.Targets, batch.RowWeights).Loss;
        Assert.IsFalse(plain.requires_grad);
        Assert.AreEqual(expected.Sum, plain.ToDouble());
        using (no_grad())
            Assert.IsFalse(new Squentropy().Losses(batch.Logits.clone().requires_grad_(), batch.Targets).requires_grad);
    }

    private static void ForEachBatch(ScalarType dtype, Action<Pair, Batch, string> check)
    {
        int seed = 0;
        foreach (var (rows, classes) in s_shapes)
        {
            foreach (var pair in Pair.All(classes))
            {
                using var scope = NewDisposeScope();
                var batch = Batch.Random(rows, classes, dtype, seed++);
                check(pair, batch, $"{pair.Name} {rows}x{classes}");
            }
        }
    }

    /// <summary>One objective on both paths.</summary>
    private sealed record Pair(string Name, IClassificationObjective Fused, IClassificationObjective Torch)
    {
        public static IEnumerable<Pair> All(int classes)
        {
            double[] weights = [.. Enumerable.Range(0, classes).Select(c => 0.25 + c % 5)];
            yield return new("squentropy", new Squentropy(), new Squentropy { UseFusedKernel = false });
            yield return new("weighted squentropy", new Squentropy(0.3, weights), new Squentropy(0.3, weights) { UseFusedKernel = false });
            yield return new("rescaled square", new RescaledSquare(15, 3), new RescaledSquare(15, 3) { UseFusedKernel = false });
            yield return new("weighted square", new RescaledSquare(2, 1, weights), new RescaledSquare(2, 1, weights) { UseFusedKernel = false });
            yield return new("cross-entropy", new CrossEntropy(), new CrossEntropy { UseFusedKernel = false });
            yield return new("smoothed", new CrossEntropy(0.2), new CrossEntropy(0.2) { UseFusedKernel = false });
            yield return new("smoothed weighted", new CrossEntropy(0.1, weights), new CrossEntropy(0.1, weights) { UseFusedKernel = false });
        }
    }
}
