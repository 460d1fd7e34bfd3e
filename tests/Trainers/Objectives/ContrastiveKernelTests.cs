using MLNetExt.Kernels;
using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The three ways to the sigmoid loss against each other: fused kernel, torch operations by chunks, autograd.</summary>
[TestClass]
public sealed class ContrastiveKernelTests
{
    private static readonly (int Rows, int Columns)[] s_shapes =
        [(1, 1), (1, 2), (2, 1), (3, 3), (7, 7), (8, 8), (5, 16), (17, 17), (33, 31), (64, 64), (9, 1000), (257, 257), (300, 411)];

    [TestMethod]
    public void Kernels_EqualAutograd() => ForEachBatch(ScalarType.Float64, (batch, what) =>
    {
        var expected = ContrastiveRun.Of(new SigmoidContrastive { UseFusedKernel = false }, batch);
        expected.AssertClose(ContrastiveRun.Of(new SigmoidContrastive(), batch), 1e-12, $"fused {what}");
        expected.AssertClose(ContrastiveRun.Of(new TorchChunks(100), batch), 1e-12, $"chunks {what}");
    });

    [TestMethod]
    public void KernelsInSinglePrecision_EqualAutogradInDouble() => ForEachBatch(ScalarType.Float32, (batch, what) =>
    {
        var expected = ContrastiveRun.Of(new SigmoidContrastive { UseFusedKernel = false }, batch.InDouble());
        foreach (var objective in new IContrastiveObjective[] { new SigmoidContrastive(), new TorchChunks(100) })
        {
            // The terms of an element of a gradient cancel, so that its error follows the largest elements: autograd in
            // single precision is off by as much.
            var actual = ContrastiveRun.Of(objective, batch);
            double left = 1e-5 * Math.Max(1, expected.Left.Max(Math.Abs)), right = 1e-5 * Math.Max(1, expected.Right.Max(Math.Abs));
            Assert.That.AreClose(expected.Left, actual.Left, left, $"{objective} {what} left");
            Assert.That.AreClose(expected.Right, actual.Right, right, $"{objective} {what} right");
            (expected with { Left = actual.Left, Right = actual.Right }).AssertClose(actual, 1e-5, $"{objective} {what}");
        }
    });

    [TestMethod]
    [DataRow(NegativeKind.Hard)]
    [DataRow(NegativeKind.Easy)]
    [DataRow(NegativeKind.Random)]
    public void KernelsWithSelection_EqualAutograd(NegativeKind kind)
    {
        using var scope = NewDisposeScope();
        foreach (double ratio in new[] { 0.4, 2, 5.5, 1e6 })
        {
            foreach (var (name, batch) in PairBatch.WithEveryKindOfLabels(37, 37))
            {
                ContrastiveRun Run(bool fused) => ContrastiveRun.Of(
                    new SigmoidContrastive(new(kind, ratio), new Generator(5)) { UseFusedKernel = fused, ChunkRows = 10 }, batch);
                Run(fused: false).AssertClose(Run(fused: true), 1e-12, $"{name} {ratio}");
            }
        }
    }

    [TestMethod]
    [DataRow(NegativeKind.All)]
    [DataRow(NegativeKind.Hard)]
    [DataRow(NegativeKind.Easy)]
    [DataRow(NegativeKind.Random)]
    public void EveryChunkSize_GivesTheSame(NegativeKind kind)
    {
        using var scope = NewDisposeScope();
        const int n = 23;
        foreach (var (name, batch) in PairBatch.WithEveryKindOfLabels(n, n))
        {
            ContrastiveRun Run(int chunkRows, bool fused) => ContrastiveRun.Of(
                new SigmoidContrastive(new(kind, 2), new Generator(3)) { ChunkRows = chunkRows, UseFusedKernel = fused }, batch);
            var full = Run(n, fused: false);
            for (int chunkRows = 1; chunkRows <= n + 1; chunkRows++)
            {
                full.AssertClose(Run(chunkRows, fused: true), 1e-12, $"{name} fused, chunks of {chunkRows}");
                full.AssertClose(Run(chunkRows, fused: false), 1e-12, $"{name} torch, chunks of {chunkRows}");
                if (kind == NegativeKind.All)
                    full.AssertClose(ContrastiveRun.Of(new TorchChunks(chunkRows), batch), 1e-12, $"{name} torch kernel, chunks of {chunkRows}");
            }
        }
    }

    [TestMethod]
    public void Gradients_EqualFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var batch = PairBatch.Random(5, 5, 3);
        var run = ContrastiveRun.Of(new SigmoidContrastive { ChunkRows = 2 }, batch);
        const double h = 1e-6;
        double Slope(Func<double, PairBatch> shifted)
        {
            double Loss(double by) => ContrastiveRun.Of(new SigmoidContrastive(), shifted(by)).Sum;
            return (Loss(h) - Loss(-h)) / (2 * h);
        }

        for (int i = 0; i < 15; i++)
        {
            var direction = zeros(15, dtype: ScalarType.Float64);
            direction[i] = 1;
            direction = direction.view(5, 3);
            Assert.That.AreClose(Slope(by => batch with { Left = batch.Left + by * direction }), run.Left[i], 1e-7, $"left {i}");
            Assert.That.AreClose(Slope(by => batch with { Right = batch.Right + by * direction }), run.Right[i], 1e-7, $"right {i}");
        }

        Assert.That.AreClose(Slope(by => batch with { LogScale = batch.LogScale + by }), run.LogScale, 1e-7, "t'");
        Assert.That.AreClose(Slope(by => batch with { Bias = batch.Bias + by }), run.Bias, 1e-7, "b");
    }

    [TestMethod]
    [DataRow(ScalarType.Float32, 3e-7)]
    [DataRow(ScalarType.Float64, 2e-15)]
    public void Softplus_IsAccurateToTheLastDigits(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        // With t = 1 and b = 0 the cosines are the logits.
        double[] logits = [.. Enumerable.Range(-800, 1601).Select(i => (double)(float)(i / 10.0))];
        foreach (double x in logits)
        {
            var row = tensor([x, x, x, x, x, x, x, x, x], dtype: dtype).view(1, 9);
            var sums = new FusedPairs(1, 0, new PairTable(1, 9, null, zeros(1, 9, dtype: ScalarType.Bool), null), null).Run(row, 0);
            double e = Math.Exp(-Math.Abs(x));
            // log(1 + e) = 2·artanh(e / (2 + e)), by its series.
            double ratio = e / (2 + e);
            double log = 2 * Enumerable.Range(0, 20).Sum(k => Math.Pow(ratio, 2 * k + 1) / (2 * k + 1));
            Assert.AreEqual(1, sums.Loss / 9 / (Math.Max(x, 0) + log), tolerance, $"softplus({x})");
            Assert.AreEqual(1, sums.Gradient / 9 / ((x < 0 ? e : 1) / (1 + e)), tolerance, $"logistic({x})");
            Assert.AreEqual(1, x == 0 ? 1 : sums.CosineGradient / sums.Gradient / x, tolerance, $"cosine gradient {x}");
        }
    }

    [TestMethod]
    public void SumsDoNotDependOnThreads()
    {
        using var scope = NewDisposeScope();
        // Cosines of a few exact quarters: the matrix products are exact whatever their order.
        var generator = new Generator(5);
        Tensor Exact(int rows) => randint(-1, 2, [rows, 4], dtype: ScalarType.Float32, generator: generator) / 2;
        var batch = new PairBatch(Exact(700), Exact(700), tensor(1.5f), tensor(-2f));
        var one = ContrastiveRun.Of(new SigmoidContrastive(), batch);
        try
        {
            set_num_threads(2);
            for (int i = 0; i < 5; i++)
            {
                var two = ContrastiveRun.Of(new SigmoidContrastive(), batch);
                Assert.AreEqual(one.Sum, two.Sum);
                Assert.AreEqual(one.LogScale, two.LogScale);
                Assert.AreEqual(one.Bias, two.Bias);
                Assert.That.AreClose(one.Left, two.Left, 1e-5, "left");
                Assert.That.AreClose(one.Right, two.Right, 1e-5, "right");
            }
        }
        finally
        {
            set_num_threads(1);
        }
    }

    [TestMethod]
    public void ExtremeLogits_StayFinite()
    {
        using var scope = NewDisposeScope();
        foreach (double logScale in new[] { -120.0, -20, 7, 11 })
        {
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                var batch = PairBatch.Random(20, 20, 4, dtype) with { LogScale = tensor(logScale, dtype: dtype) };
                var run = ContrastiveRun.Of(new SigmoidContrastive(), batch);
                var expected = ContrastiveRun.Of(new SigmoidContrastive { UseFusedKernel = false }, batch);
                Assert.IsTrue(double.IsFinite(run.Sum) && double.IsFinite(run.LogScale) && run.Left.All(double.IsFinite), $"t' = {logScale}");
                expected.AssertClose(run, dtype == ScalarType.Float32 ? 1e-4 : 1e-12, $"t' = {logScale} {dtype}");
            }
        }
    }

    [TestMethod]
    public void NaNInAnEmbedding_GivesNaNLoss()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var batch = PairBatch.Random(11, 11, 3, dtype);
            batch.Left[4, 1] = double.NaN;
            Assert.IsTrue(double.IsNaN(ContrastiveRun.Of(new SigmoidContrastive(), batch).Sum), $"{dtype}");
        }
    }

    private static void ForEachBatch(ScalarType dtype, Action<PairBatch, string> check)
    {
        int seed = 0;
        foreach (var (rows, columns) in s_shapes)
        {
            using var scope = NewDisposeScope();
            foreach (var (name, batch) in PairBatch.WithEveryKindOfLabels(rows, columns, dtype, seed++))
                check(batch, $"{name} {rows}x{columns}");
        }
    }

    /// <summary>The kernel for other devices, on the CPU.</summary>
    private sealed class TorchChunks(int chunkRows) : IContrastiveObjective
    {
        public ObjectiveSum Sum(Tensor left, Tensor right, Tensor logScale, Tensor bias, PairLabels? pairs = null)
        {
            var batch = new ContrastiveBatch(left, right, logScale, bias);
            var pass = new TorchPairs(batch.Scale, bias.ToDouble(), PairLabels.Table(pairs, batch), kept: null);
            return new(PairChunks.Evaluate(batch, chunkRows, pass), batch.RowCount);
        }
    }
}
