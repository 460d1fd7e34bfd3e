using MLNetExt.Kernels;
using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The golden vectors of the binary and the pairwise Cringe loss, through the head: with the identity for a head, the
/// hidden states are the logits.</summary>
[TestClass]
public sealed class CringeGoldenTests
{
    private static readonly GoldenCase[] s_binary = [.. Golden.Read("cringe_binary.json").Cases];
    private static readonly GoldenCase[] s_pairwise = [.. Golden.Read("cringe_pairwise.json").Cases];

    [TestMethod]
    [DataRow(true, ScalarType.Float64, 1e-12)]
    [DataRow(false, ScalarType.Float64, 1e-12)]
    [DataRow(true, ScalarType.Float32, 1e-5)]
    [DataRow(false, ScalarType.Float32, 1e-5)]
    public void BinaryCringe_MatchesGoldenVectors(bool fused, ScalarType dtype, double tolerance)
    {
        Assert.IsNotEmpty(s_binary);
        foreach (var c in s_binary)
        {
            using var scope = NewDisposeScope();
            double[,] logits = c.Matrix("inputs", "logits");
            Candidates?[] candidates = [.. c.Items("expected", "candidates").Select(Candidates.Of)];
            double[] sampled = c.Vector("inputs", "sampled_positive");
            double[] draws = [.. Enumerable.Range(0, candidates.Length).Where(i => candidates[i] is not null).Select(i => candidates[i]!.DrawOf((int)sampled[i]))];
            // Every token is a completion of its own, because labels are given for each.
            var hidden = tensor(logits, dtype: dtype).unsqueeze(1);
            var head = eye(logits.GetLength(1), dtype: dtype);
            var batch = new CompletionBatch(
                tensor(c.Vector("inputs", "targets")).to(ScalarType.Int64).unsqueeze(1), tensor(c.Vector("inputs", "labels")).ne(0));

            foreach (bool isDetached in new[] { false, true })
            {
                var objective = new BinaryCringe(new((int)c.Number("params", "k"), isDetached), c.Number("params", "alpha"));
                var loss = new CompletionLoss(objective) { UseFusedKernel = fused, BlockRows = 2 };
                var run = CompletionRun.Of(loss, hidden, head, batch, draws);
                Assert.That.AreClose(c.Number("expected", "loss_sum"), run.Sum, tolerance, $"{c.Name} sum");
                Assert.AreEqual(c.Number("expected", "token_count"), run.Weight, c.Name);
                double divisor = Math.Max(1, run.Weight);
                Assert.That.AreClose(c.Number("expected", "loss_token_mean"), run.Sum / divisor, tolerance, $"{c.Name} mean");
                double[] ce = c.Vector("expected", "ce_per_token"), ct = c.Vector("expected", "ct_per_token");
                Assert.That.AreClose([.. ce.Zip(ct, (a, b) => a + objective.Alpha * b)], run.Losses, tolerance, $"{c.Name} losses");
                Assert.That.AreClose(
                    c.Flat("expected", isDetached ? "grad_logits_sum_positive_detached" : "grad_logits_sum"), run.Hidden, tolerance, $"{c.Name} gradient");
                if (!isDetached)
                    Assert.That.AreClose(c.Flat("expected", "grad_logits_token_mean"), [.. run.Hidden.Select(g => g / divisor)], tolerance, $"{c.Name} gradient of the mean");

                var expectation = loss.Scores(hidden, head, batch);
                Assert.That.AreClose(c.Vector("expected", "ct_expected_over_sampling"), ObjectiveRun.Doubles(expectation.Contrasts!), tolerance, $"{c.Name} expectation");
                double[] crossEntropies = ObjectiveRun.Doubles(-expectation.LogProbabilities * expectation.IsDesired.unsqueeze(1));
                Assert.That.AreClose(ce, crossEntropies, tolerance, $"{c.Name} cross-entropy");
            }
        }
    }

    [TestMethod]
    [DataRow(true, ScalarType.Float64, 1e-12)]
    [DataRow(false, ScalarType.Float64, 1e-12)]
    [DataRow(true, ScalarType.Float32, 1e-5)]
    [DataRow(false, ScalarType.Float32, 1e-5)]
    public void PairwiseCringe_MatchesGoldenVectors(bool fused, ScalarType dtype, double tolerance)
    {
        Assert.IsNotEmpty(s_pairwise);
        foreach (var c in s_pairwise)
        {
            GoldenCase[] inputs = [.. c.Items("inputs")!], expected = [.. c.Items("expected", "pairs")!];
            using var scope = NewDisposeScope();
            var (hidden, batch) = Pairs(inputs, dtype);
            var head = eye(hidden.shape[2], dtype: dtype);
            double[] draws = [.. c.Items("expected", "candidates").SelectMany((pair, i) => pair!.Items()
                .Zip(inputs[i].Vector("sampled_positive"), (item, token) => Candidates.Of(item)!.DrawOf((int)token)))];
            foreach (bool isDetached in new[] { false, true })
            {
                var loss = new CompletionLoss(Objective(c, isDetached)) { UseFusedKernel = fused, BlockRows = 2 };
                var run = CompletionRun.Of(loss, hidden, head, batch, draws);
                Assert.AreEqual(expected.Length, run.Weight, c.Name);
                Assert.That.AreClose(c.Number("expected", "loss"), run.Sum / run.Weight, tolerance, $"{c.Name} loss");
                Assert.That.AreClose([.. expected.Select(e => e.Number("pair_loss"))], run.Losses, tolerance, $"{c.Name} losses");

                double Mean(string name) => expected.Average(e => e.Number(name));
                Assert.That.AreClose(Mean("logp_chosen"), run.Metric("logps/chosen"), tolerance, $"{c.Name} chosen");
                Assert.That.AreClose(Mean("logp_rejected"), run.Metric("logps/rejected"), tolerance, $"{c.Name} rejected");
                Assert.That.AreClose(Mean("margin"), run.Metric("margin"), tolerance, $"{c.Name} margin");
                Assert.That.AreClose(Mean("gate"), run.Metric("gate/mean"), tolerance, $"{c.Name} gate");
                Assert.That.AreClose(Mean("ce"), run.Metric("ce_loss"), tolerance, $"{c.Name} cross-entropy");
                Assert.That.AreClose(Mean("cringe"), run.Metric("ct_loss"), tolerance, $"{c.Name} contrast");
                Assert.That.AreClose(Mean("tokens_rejected"), run.Metric("ct_tokens"), tolerance, $"{c.Name} contrasted tokens");

                var gradients = c.Items("expected", isDetached ? "grad_gate_detached" : "grad_gate_flows")!;
                Assert.That.AreClose(
                    ObjectiveRun.Doubles(Padded([.. gradients.Select(g => g!.Matrix("chosen_logits")), .. gradients.Select(g => g!.Matrix("rejected_logits"))], 0)),
                    [.. run.Hidden.Select(g => g / run.Weight)], tolerance, $"{c.Name} gradient, detached {isDetached}");
            }
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void CandidatesAndTheirShares_MatchGoldenVectors(bool fused)
    {
        (string Name, int K, double[,] Logits, double[] Targets, GoldenCase?[] Candidates)[] sequences =
        [
            .. s_binary.Select(c => (c.Name, (int)c.Number("params", "k"), c.Matrix("inputs", "logits"), c.Vector("inputs", "targets"), c.Items("expected", "candidates"))),
            .. s_pairwise.SelectMany(c => c.Items("inputs").Zip(c.Items("expected", "candidates"), (pair, candidates) =>
                (c.Name, (int)c.Number("params", "k"), pair!.Matrix("rejected_logits"), pair.Vector("rejected_targets"), candidates!.Items()))),
        ];
        foreach (var (name, k, values, targets, expected) in sequences)
        {
            using var scope = NewDisposeScope();
            int vocabulary = values.GetLength(1), candidates = Math.Min(k, vocabulary - 1);
            var contrasts = new TokenContrasts([.. expected.Select(e => e is not null)], candidates, isExcluded: null, draw: null);
            var tokens = new TokenTargets([], [.. targets.Select(t => (int)t)], null);
            var next = new Untouched();
            IHeadRows kernel = fused ? new FusedContrasts(contrasts, tokens, next) : new TorchContrasts(contrasts, tokens, next);
            kernel.Run(tensor(values), 0, wantsGradient: false);
            Assert.AreEqual(1, next.Runs);
            for (int i = 0; i < expected.Length; i++)
            {
                if (Candidates.Of(expected[i]) is not { } wanted)
                    continue;
                int first = contrasts.Number(i) * candidates;
                CollectionAssert.AreEqual(wanted.Tokens, contrasts.Ids[first..(first + candidates)], $"{name} {i}");
                double[] slopes = [.. wanted.Tokens.Select((p, j) => wanted.Shares[j] / (1 + Math.Exp(values[i, p] - values[i, (int)targets[i]])))];
                Assert.That.AreClose(slopes, contrasts.Slopes[first..(first + candidates)], 1e-12, $"{name} {i}");
            }
        }
    }

    private static PairwiseCringe Objective(GoldenCase c, bool isDetached) => new(
        new((int)c.Number("params", "k")), c.Number("params", "b"), c.Number("params", "tau"), c.Number("params", "alpha"))
    {
        DetachGate = isDetached,
        LengthNormalizeMargin = c.Flag("params", "length_normalize_margin"),
        TokenReduction = Enum.Parse<TokenReduction>(c.Text("params", "token_reduction"), ignoreCase: true),
    };

    /// <summary>The pairs padded to the longest completion. What stands in the padding reaches nothing, were it NaN.</summary>
    private static (Tensor Hidden, CompletionBatch Batch) Pairs(GoldenCase[] inputs, ScalarType dtype)
    {
        var hidden = Padded([.. inputs.Select(p => p.Matrix("chosen_logits")), .. inputs.Select(p => p.Matrix("rejected_logits"))], double.NaN);
        var targets = Padded(
            [.. inputs.Select(p => Column(p.Vector("chosen_targets"))), .. inputs.Select(p => Column(p.Vector("rejected_targets")))], -100);
        return (hidden.to(dtype), CompletionBatch.Pairs(targets.squeeze(2).to(ScalarType.Int64)));
    }

    private static double[,] Column(double[] values)
    {
        var column = new double[values.Length, 1];
        for (int i = 0; i < values.Length; i++)
            column[i, 0] = values[i];
        return column;
    }

    private static Tensor Padded(double[][,] sequences, double padding)
    {
        long longest = sequences.Max(s => s.GetLength(0));
        return stack(sequences.Select(s => cat([tensor(s), full(longest - s.GetLength(0), s.GetLength(1), padding, dtype: ScalarType.Float64)])).ToArray());
    }

    private sealed class Untouched : IHeadRows
    {
        public int Runs { get; private set; }

        public double Run(Tensor logits, long start, bool wantsGradient) => Runs++;
    }
}
