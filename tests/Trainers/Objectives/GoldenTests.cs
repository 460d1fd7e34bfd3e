using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class GoldenTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Squentropy_MatchesGoldenVectors(bool fused) => Check("squentropy.json", c => Squentropy(c, fused));

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void RescaledSquare_MatchesGoldenVectors(bool fused) => Check("rescaled_square.json", c => RescaledSquare(c, fused));

    [TestMethod]
    public void Squentropy_CrossEntropyPartMatchesGoldenVectors()
    {
        foreach (var c in Golden.Read("squentropy.json").Cases)
        {
            var run = ObjectiveRun.Of(new CrossEntropy(ignoreIndex: IgnoreIndex(c)), c.Matrix("inputs", "logits"), Targets(c));
            Assert.That.AreClose(c.Vector("expected", "ce_none"), run.Losses, 1e-6, c.Name);
        }
    }

    [TestMethod]
    public void ErrorCases_Throw()
    {
        foreach (var c in Golden.Read("squentropy.json").ErrorCases)
        {
            var targets = c.Vector("targets").Select(t => (long)t).ToArray();
            Assert.ThrowsExactly<ArgumentException>(() => ObjectiveRun.Of(new Squentropy(), c.Matrix("logits"), targets), c.Name);
        }
    }

    private static void Check(string file, Func<GoldenCase, IClassificationObjective> objective)
    {
        var golden = Golden.Read(file);
        Assert.IsNotEmpty(golden.Cases);
        foreach (var c in golden.Cases)
        {
            Check(c, objective(c), ScalarType.Float64, 1e-12);
            if (!c.Name.Contains("large") && !c.Name.Contains("extreme"))
                Check(c, objective(c), ScalarType.Float32, 1e-5);
        }
    }

    private static void Check(GoldenCase c, IClassificationObjective objective, ScalarType dtype, double tolerance)
    {
        string what = $"{c.Name} {dtype}";
        var run = ObjectiveRun.Of(objective, c.Matrix("inputs", "logits"), Targets(c), dtype: dtype);
        double n = Math.Max(1, run.Weight);
        Assert.AreEqual(Targets(c).Count(t => t != IgnoreIndex(c)), run.Weight, what);
        Assert.That.AreClose(c.Vector("expected", "loss_none"), run.Losses, tolerance, $"{what} losses");
        Assert.That.AreClose(c.Number("expected", "loss_mean"), run.Sum / n, tolerance, $"{what} mean");
        Assert.That.AreClose(
            Flat(c.Matrix("expected", "grad_logits_mean")), [.. run.SumGradient.Select(g => g / n)], tolerance, $"{what} mean gradient");
        if (c.Has("expected", "loss_sum"))
        {
            Assert.That.AreClose(c.Number("expected", "loss_sum"), run.Sum, tolerance, $"{what} sum");
            Assert.That.AreClose(Flat(c.Matrix("expected", "grad_logits_sum")), run.SumGradient, tolerance, $"{what} sum gradient");
        }
    }

    private static Squentropy Squentropy(GoldenCase c, bool fused)
        => new(c.Number("params", "square_weight"), ignoreIndex: IgnoreIndex(c)) { UseFusedKernel = fused };

    private static RescaledSquare RescaledSquare(GoldenCase c, bool fused)
        => new(c.Number("params", "k"), c.Number("params", "M"), ignoreIndex: IgnoreIndex(c)) { UseFusedKernel = fused };

    private static long IgnoreIndex(GoldenCase c) => (long)c.Number("params", "ignore_index");

    private static long[] Targets(GoldenCase c) => [.. c.Vector("inputs", "targets").Select(t => (long)t)];

    private static double[] Flat(double[,] matrix) => [.. matrix.Cast<double>()];
}
