using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The golden vectors of the sigmoid loss and of its softmax comparator.</summary>
[TestClass]
public sealed class ContrastiveGoldenTests
{
    private static readonly GoldenCase[] s_cases = [.. Golden.Read("siglip.json").Cases];

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Sigmoid_MatchesGoldenVectors(bool fused) => ForEachCase((c, dtype, tolerance) =>
    {
        var objective = Objective(c, fused);
        var (raw, unit) = Batches(c, dtype);
        double n = raw.Left.shape[0];
        ContrastiveRun ofRaw = ContrastiveRun.Of(objective, raw, isRaw: true), ofUnit = ContrastiveRun.Of(objective, unit);
        foreach (var run in new[] { ofRaw, ofUnit })
        {
            Assert.AreEqual(n, run.Weight, c.Name);
            Assert.That.AreClose(c.Number("expected", "loss"), run.Sum / n, tolerance, $"{c.Name} loss");
            Assert.That.AreClose(c.Number("expected", "grad_t_prime"), run.LogScale / n, tolerance, $"{c.Name} t'");
            Assert.That.AreClose(c.Number("expected", "grad_bias"), run.Bias / n, tolerance, $"{c.Name} b");
        }

        CheckMean(c, "grad_image_raw", ofRaw.Left, n, tolerance);
        CheckMean(c, "grad_text_raw", ofRaw.Right, n, tolerance);
        CheckMean(c, "grad_image_normalized", ofUnit.Left, n, tolerance);
        CheckMean(c, "grad_text_normalized", ofUnit.Right, n, tolerance);
    });

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void SigmoidGradientByLogits_MatchesGoldenVectors(bool fused) => ForEachCase((c, dtype, tolerance) =>
    {
        var (seen, n) = LogitsInPlainSight(c, dtype);
        var run = ContrastiveRun.Of(Objective(c, fused), seen);
        double t = Math.Exp(c.Number("params", "t_prime"));
        double[] gradient = ObjectiveRun.Doubles(tensor(run.Right).view(n, n).t() / t);
        CheckMean(c, "grad_logits", gradient, n, tolerance);
    });

    [TestMethod]
    public void Softmax_MatchesGoldenVectors() => ForEachCase((c, dtype, tolerance) =>
    {
        if (!c.Has("expected", "softmax_baseline"))
            return;
        var (raw, _) = Batches(c, dtype);
        double t = Math.Exp(c.Number("params", "t_prime"));
        var (seen, n) = LogitsInPlainSight(c, dtype);
        var run = ContrastiveRun.Of(new SoftmaxContrastive(), raw, isRaw: true);
        Assert.That.AreClose(c.Number("expected", "softmax_baseline", "loss"), run.Sum / n, tolerance, $"{c.Name} loss");
        Assert.That.AreClose(c.Number("expected", "softmax_baseline", "grad_t_prime"), run.LogScale / n, tolerance, $"{c.Name} t'");
        Assert.AreEqual(0, run.Bias, c.Name);

        double[] gradient = ObjectiveRun.Doubles(tensor(ContrastiveRun.Of(new SoftmaxContrastive(), seen).Right).view(n, n).t() / t);
        Assert.That.AreClose(
            Flat(c.Matrix("expected", "softmax_baseline", "grad_logits")), [.. gradient.Select(g => g / n)], tolerance, $"{c.Name} logits");
    });

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void BlocksOfDevices_AddUpToTheGoldenSums(bool fused)
    {
        using var scope = NewDisposeScope();
        var chunked = s_cases.Where(c => c.Has("expected", "chunked")).ToArray();
        CollectionAssert.AreEquivalent(new[] { 2.0, 3, 4 }, chunked.Select(c => c.Number("expected", "chunked", "devices")).ToArray());
        foreach (var c in chunked)
        {
            var objective = Objective(c, fused);
            var (_, unit) = Batches(c, ScalarType.Float64);
            int devices = (int)c.Number("expected", "chunked", "devices");
            long n = unit.Left.shape[0], local = n / devices;
            double[,] blocks = c.Matrix("expected", "chunked", "block_sums");
            double[] deviceLosses = c.Vector("expected", "chunked", "device_loss_div_local");
            for (int d = 0; d < devices; d++)
            {
                double device = 0;
                for (int other = 0; other < devices; other++)
                {
                    // Ids are row numbers: blocks off the diagonal have no positives.
                    var labels = PairLabels.OfGroups(arange(d * local, (d + 1) * local), arange(other * local, (other + 1) * local));
                    var block = unit.Block((d * local, (d + 1) * local), (other * local, (other + 1) * local), labels);
                    double sum = ContrastiveRun.Of(objective, block).Sum;
                    Assert.That.AreClose(blocks[d, other], sum, 1e-12, $"{c.Name} block {d},{other}");
                    device += sum;
                }

                Assert.That.AreClose(deviceLosses[d], device / local, 1e-12, $"{c.Name} device {d}");
            }

            Assert.That.AreClose(c.Number("expected", "loss"), blocks.Cast<double>().Sum() / n, 1e-12, c.Name);
        }
    }

    private static void ForEachCase(Action<GoldenCase, ScalarType, double> check)
    {
        Assert.HasCount(9, s_cases);
        foreach (var c in s_cases)
        {
            using var scope = NewDisposeScope();
            check(c, ScalarType.Float64, 1e-12);
            if (!c.Name.Contains("large"))
                check(c, ScalarType.Float32, 1e-5);
        }
    }

    /// <summary>The pairs that a selection case keeps follow from the loss; the matrix of the file says which it must be.</summary>
    private static SigmoidContrastive Objective(GoldenCase c, bool fused)
    {
        var kind = c.Name.StartsWith("hard", StringComparison.Ordinal) ? NegativeKind.Hard
            : c.Name.StartsWith("easy", StringComparison.Ordinal) ? NegativeKind.Easy : NegativeKind.All;
        return new(new(kind, negativesPerPositive: 1)) { UseFusedKernel = fused };
    }

    private static (PairBatch Raw, PairBatch Unit) Batches(GoldenCase c, ScalarType dtype)
    {
        Tensor Read(string name) => tensor(c.Matrix("inputs", name), dtype: dtype);
        var labels = PairLabels.OfMatrix(tensor(c.Matrix("inputs", "labels")) > 0);
        var raw = new PairBatch(
            Read("image"), Read("text"), tensor(c.Number("params", "t_prime"), dtype: dtype), tensor(c.Number("params", "bias"), dtype: dtype), labels);
        return (raw, raw with { Left = UnitLength.Of(raw.Left), Right = UnitLength.Of(raw.Right), Labels = null });
    }

    /// <summary>With the identity on the left and the cosines on the right, the gradient by the right side is t·Gᵀ.</summary>
    private static (PairBatch Batch, int Rows) LogitsInPlainSight(GoldenCase c, ScalarType dtype)
    {
        double t = Math.Exp(c.Number("params", "t_prime")), b = c.Number("params", "bias");
        var cosines = (tensor(c.Matrix("expected", "logits")) - b) / t;
        int n = (int)cosines.shape[0];
        var (raw, _) = Batches(c, dtype);
        return (raw with { Left = eye(n, dtype: dtype), Right = cosines.t().to(dtype), Labels = null }, n);
    }

    private static void CheckMean(GoldenCase c, string name, double[] sumGradient, double n, double tolerance)
        => Assert.That.AreClose(Flat(c.Matrix("expected", name)), [.. sumGradient.Select(g => g / n)], tolerance, $"{c.Name} {name}");

    private static double[] Flat(double[,] matrix) => [.. matrix.Cast<double>()];
}
