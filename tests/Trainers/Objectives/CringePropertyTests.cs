using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class CringePropertyTests
{
    public static IEnumerable<object[]> Paths => [[true], [false]];

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void ConstantAddedToALogitRow_ChangesNothing(bool fused)
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(4, 11, dimensions: 11) with { Head = eye(11, dtype: ScalarType.Float64) };
        var shifted = input with { Hidden = input.Hidden + linspace(-5, 5, 8 * 8, dtype: ScalarType.Float64).view(8, 8, 1) };
        foreach (IPreferenceObjective objective in new IPreferenceObjective[] { new BinaryCringe(new(3)), new PairwiseCringe(new(3)) })
        {
            CompletionRun Run(PreferenceInput of) => CompletionRun.Of(new(objective) { UseFusedKernel = fused }, of.Hidden, of.Head, of.Batch, input.Draws());
            CompletionRun expected = Run(input), actual = Run(shifted);
            Assert.That.AreClose(expected.Sum, actual.Sum, 1e-12, "sum");
            Assert.That.AreClose(expected.Hidden, actual.Hidden, 1e-12, "gradient");
            // So the gradient by a row of logits adds up to 0.
            foreach (double[] row in actual.Hidden.Chunk(11))
                Assert.AreEqual(0, row.Sum(), 1e-13);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void PairwiseLoss_BecomesTheBinaryLoss_AsTheGateOpens(bool fused)
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(4, 11);
        CompletionRun Run(IPreferenceObjective objective)
            => CompletionRun.Of(new(objective) { UseFusedKernel = fused }, input.Hidden, input.Head, input.Batch, input.Draws());
        var binary = Run(new BinaryCringe(new(3), alpha: 0.7));
        double previous = double.PositiveInfinity;
        foreach (double bias in new double[] { 0, 10, 100, 1e6 })
        {
            var pairwise = Run(new PairwiseCringe(new(3), bias, gateTemperature: 3, alpha: 0.7) { TokenReduction = TokenReduction.Sum, DetachGate = false });
            double difference = binary.Hidden.Zip(pairwise.Hidden, (a, b) => Math.Abs(a - b)).Max();
            Assert.IsLessThan(previous, difference, $"b = {bias}");
            previous = difference;
            if (bias == 1e6)
            {
                Assert.That.AreClose(binary.Sum, pairwise.Sum, 1e-12, "sum");
                Assert.That.AreClose(binary.Head, pairwise.Head, 1e-12, "head");
            }
        }

        Assert.IsLessThan(1e-12, previous);
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(0.1)]
    [DataRow(0)]
    public void Gate_FallsAsTheMarginGrows(double temperature)
    {
        using var scope = NewDisposeScope();
        double Gate(double margin) => new PairwiseCringe(gateBias: -2, gateTemperature: temperature).Sum(Scores(margin)).Metrics["gate/mean"].Sum.ToDouble();
        double[] gates = [.. new[] { -1e9, -100, -2.5, -2, -1.5, 0, 100, 1e9 }.Select(Gate)];
        Assert.IsTrue(gates.Zip(gates.Skip(1), (a, b) => a > b || (a == b && a is 0 or 1)).All(falls => falls), string.Join(' ', gates));
        Assert.AreEqual(1, gates[0]);
        Assert.AreEqual(temperature == 0 ? 0 : 0.5, gates[3]);
        Assert.AreEqual(0, gates[^1]);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void SaturatedGates_HaveFiniteGradients(bool detached)
    {
        using var scope = NewDisposeScope();
        foreach (double margin in new[] { -1e6, -800, 800, 1e6 })
        {
            var scores = Scores(margin);
            var sum = new PairwiseCringe(gateBias: 0, gateTemperature: 1) { DetachGate = detached }.Sum(scores);
            sum.Loss.backward();
            Assert.AreEqual(margin < 0, sum.Loss.ToDouble() > 1, $"{margin}");
            Assert.IsTrue(ObjectiveRun.Doubles(scores.LogProbabilities.grad!).All(double.IsFinite), $"{margin}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void Draws_FollowTheCandidatesShares(bool fused)
    {
        using var scope = NewDisposeScope();
        // One undesired token a thousand times, and draws that are evenly spaced.
        double[] logits = [0.5, 3, 1, 2, -1];
        const int count = 1000;
        var hidden = tensor(logits).expand(count, 1, 5);
        var batch = new CompletionBatch(zeros(count, 1, dtype: ScalarType.Int64), zeros(count, dtype: ScalarType.Bool));
        double[] draws = [.. Enumerable.Range(0, count).Select(i => (i + 0.5) / count)];
        var loss = new CompletionLoss(new BinaryCringe(new(3))) { UseFusedKernel = fused };
        var run = CompletionRun.Of(loss, hidden, eye(5, dtype: ScalarType.Float64), batch, draws);
        int[] taken = [.. run.Hidden.Chunk(5).Select(row => Array.FindIndex(row, g => g < 0))];
        double total = Math.Exp(3) + Math.Exp(2) + Math.Exp(1);
        foreach (int token in new[] { 1, 2, 3 })
            Assert.AreEqual(count * Math.Exp(logits[token]) / total, taken.Count(t => t == token), 1, $"token {token}");

        // The mean over draws is the expectation.
        var expectation = CompletionRun.Of(loss, hidden, eye(5, dtype: ScalarType.Float64), batch);
        Assert.AreEqual(expectation.Sum, run.Sum, 3);
        Assert.AreEqual(expectation.Hidden[..5].Max(), run.Hidden.Chunk(5).Average(row => row.Max()), 1e-3);
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void ExcludedTokens_AreNeverHeldAgainstAny(bool fused)
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(5, 12, dimensions: 12) with { Head = eye(12, dtype: ScalarType.Float64) };
        int[] excluded = [11, 0, 4, 4];
        var loss = new CompletionLoss(new BinaryCringe(new(100) { ExcludedTokens = excluded })) { UseFusedKernel = fused };
        var run = CompletionRun.Of(loss, input.Hidden, input.Head, input.Batch);
        long[] targets = input.Batch.Targets.data<long>().ToArray();
        int own = 0;
        for (int place = targets.Length / 2; place < targets.Length; place++)
        {
            if (targets[place] < 0)
                continue;
            double[] gradient = run.Hidden[(place * 12)..((place + 1) * 12)];
            for (int token = 0; token < 12; token++)
            {
                bool isTarget = token == targets[place], isExcluded = excluded.Contains(token);
                Assert.AreEqual(isTarget ? 1 : isExcluded ? 0 : -1, Math.Sign(gradient[token]), $"place {place}, token {token}");
                own += isTarget && isExcluded ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(0, own, "some tokens of completions are excluded ones");
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void LargeLogits_StayFinite(bool fused)
    {
        using var scope = NewDisposeScope();
        var hidden = tensor(new float[,,] { { { 900, -900, 0, 899 } }, { { 900, -900, 0, 899 } } });
        var batch = new CompletionBatch(tensor(new long[,] { { 0 }, { 1 } }), tensor(new[] { false, false }));
        var run = CompletionRun.Of(new(new BinaryCringe(new(2))) { UseFusedKernel = fused }, hidden, eye(4), batch, [0, 0]);
        Assert.That.AreClose([1 + Math.Log(1 + Math.Exp(-1)), 0], run.Losses, 1e-6, "losses");
        Assert.That.AreClose([1 / (1 + Math.Exp(-1)), 0, 0, -1 / (1 + Math.Exp(-1)), 0, 0, 0, 0], run.Hidden, 1e-6, "gradient");
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void NaNInAState_ReachesTheLoss(bool fused)
    {
        using var scope = NewDisposeScope();
        var input = PreferenceInput.Random(2, 7);
        var run = CompletionRun.Of(
            new(new BinaryCringe()) { UseFusedKernel = fused }, input.Hidden * double.NaN, input.Head, input.Batch, input.Draws());
        Assert.IsTrue(run.Losses.All(double.IsNaN));
    }

    /// <summary>One pair of one token each.</summary>
    private static CompletionScores Scores(double margin)
    {
        double chosen = Math.Min(margin, 0) - 2;
        return new(tensor(new[,] { { chosen }, { chosen - margin } }).requires_grad_(), ones(2, 1, dtype: ScalarType.Bool), tensor([true, false]), isPaired: true)
        {
            Contrasts = tensor(new[,] { { 0 }, { 1.5 } }).requires_grad_(),
        };
    }
}
