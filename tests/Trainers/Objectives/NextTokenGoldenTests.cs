using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The golden vectors of the goldfish loss.</summary>
[TestClass]
public sealed class NextTokenGoldenTests
{
    private static readonly GoldenCase[] s_cases = [.. Golden.Read("goldfish_loss.json").Cases];

    [TestMethod]
    [DataRow(true, ScalarType.Float64, 1e-12)]
    [DataRow(false, ScalarType.Float64, 1e-12)]
    [DataRow(true, ScalarType.Float32, 1e-5)]
    [DataRow(false, ScalarType.Float32, 1e-5)]
    public void LossDenominatorAndLogitGradient_MatchGoldenVectors(bool fused, ScalarType dtype, double tolerance)
    {
        Assert.IsNotEmpty(s_cases);
        foreach (var c in s_cases)
        {
            using var scope = NewDisposeScope();
            double[] targets = c.Flat("inputs", "targets"), logits = c.Flat("inputs", "logits");
            int vocabulary = logits.Length / targets.Length;
            // With the identity for a head, the hidden states are the logits.
            var batch = new NextTokenBatch(
                tensor(logits, dtype: dtype).view(-1, vocabulary),
                eye(vocabulary, dtype: dtype),
                tensor(targets).to(ScalarType.Int64),
                tensor(c.Flat("inputs", "drop")).eq(0));
            foreach (int blockRows in new[] { 1, 7, 100 })
            {
                var run = NextTokenRun.Of(
                    new((long)c.Number("inputs", "ignore_index")) { UseFusedKernel = fused, BlockRows = blockRows }, batch);
                double divisor = Math.Max(1, run.Weight);
                Assert.AreEqual(c.Number("expected", "supervised"), run.Weight, c.Name);
                Assert.That.AreClose(c.Number("expected", "loss"), run.Sum / divisor, tolerance, $"{c.Name} loss");
                Assert.That.AreClose(c.Flat("expected", "grad_logits"), [.. run.Hidden.Select(g => g / divisor)], tolerance, $"{c.Name} gradient");
            }
        }
    }
}
