using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The golden vectors of the losses of summed log-probabilities.</summary>
[TestClass]
public sealed class PreferenceGoldenTests
{
    private static readonly GoldenCase[] s_cases = [.. Golden.Read("preference.json").Cases];

    [TestMethod]
    [DataRow(ScalarType.Float64, 1e-12)]
    [DataRow(ScalarType.Float32, 1e-5)]
    public void LossesGradientsAndMetrics_MatchGoldenVectors(ScalarType dtype, double tolerance)
    {
        Assert.IsNotEmpty(s_cases);
        foreach (var c in s_cases)
        {
            using var scope = NewDisposeScope();
            var scores = Scores(c, dtype);
            var sum = Objective(c).Sum(scores);
            sum.Loss.backward();

            double[] losses = ObjectiveRun.Doubles(sum.Losses), expected = c.Vector("expected", "loss_none");
            int pairs = expected.Length;
            // KTO has a loss for each completion, of which the file has the mean over a pair.
            if (losses.Length == 2 * pairs)
                losses = [.. Enumerable.Range(0, pairs).Select(i => (losses[i] + losses[i + pairs]) / 2)];
            Assert.That.AreClose(expected, losses, tolerance, $"{c.Name} losses");
            Assert.That.AreClose(c.Number("expected", "loss"), sum.Loss.ToDouble() / sum.Weight, tolerance, $"{c.Name} loss");

            // The gradient by a sum is that by each of its tokens.
            double[] gradient = ObjectiveRun.Doubles(scores.LogProbabilities.grad!.select(1, 0) / sum.Weight);
            Assert.That.AreClose(c.Vector("expected", "grad_policy_chosen_logps"), gradient[..pairs], tolerance, $"{c.Name} chosen");
            Assert.That.AreClose(c.Vector("expected", "grad_policy_rejected_logps"), gradient[pairs..], tolerance, $"{c.Name} rejected");

            foreach (var (name, value) in c.Numbers("expected", "metrics"))
                Assert.That.AreClose(value, sum.Metrics[name].Sum.ToDouble() / sum.Metrics[name].Weight, tolerance, $"{c.Name} {name}");
        }
    }

    private static CompletionScores Scores(GoldenCase c, ScalarType dtype)
    {
        double[] lengths = [.. c.Vector("inputs", "chosen_tokens"), .. c.Vector("inputs", "rejected_tokens")];
        double[] policy = [.. c.Vector("inputs", "policy_chosen_logps"), .. c.Vector("inputs", "policy_rejected_logps")];
        double[] reference = [.. c.Vector("inputs", "ref_chosen_logps"), .. c.Vector("inputs", "ref_rejected_logps")];
        var isToken = arange(lengths.Max()).unsqueeze(0) < tensor(lengths).unsqueeze(1);
        // All of it stands at the first token, so that the sum over tokens is exact.
        var logProbabilities = tensor(policy).unsqueeze(1) * arange(lengths.Max()).eq(0);
        return new(logProbabilities.to(dtype).requires_grad_(), isToken, arange(lengths.Length) < lengths.Length / 2, isPaired: true)
        {
            Reference = tensor(reference, dtype: dtype),
            Divergence = c.Has("params", "kl") ? c.Number("params", "kl") : null,
        };
    }

    private static IPreferenceObjective Objective(GoldenCase c)
    {
        double beta = c.Number("params", "beta");
        return c.Text("params", "kind") switch
        {
            "dpo_sigmoid" => new DirectPreference(beta, c.Has("params", "label_smoothing") ? c.Number("params", "label_smoothing") : 0),
            "dpo_hinge" => new HingePreference(beta),
            "ipo_sum" => new IdentityPreference(beta) { LengthNormalize = false },
            "simpo" => new SimplePreference(beta, c.Number("params", "gamma")),
            "orpo" => new OddsRatioPreference(beta),
            "kto" => new KahnemanTversky(beta, c.Number("params", "w_desirable"), c.Number("params", "w_undesirable")),
            var kind => throw new NotSupportedException(kind),
        };
    }
}
