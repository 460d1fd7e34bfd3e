using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>What the golden vectors do not cover, of losses of scores that are written down by hand.</summary>
[TestClass]
public sealed class PreferenceBehaviourTests
{
    [TestMethod]
    public void IdentityPreference_SumsOrAveragesLogRatios()
    {
        using var scope = NewDisposeScope();
        // Ratios 3 and -2 over 2 and 4 tokens.
        var scores = Pair([-1, -2], [-3, -1, -2, -4]);
        scores = With(scores, reference: [-6, -8]);
        Assert.AreEqual(0, Loss(new IdentityPreference(0.1) { LengthNormalize = false }, scores), 1e-12);
        Assert.AreEqual(Math.Pow(3.0 / 2 + 2.0 / 4 - 5, 2), Loss(new IdentityPreference(0.1), scores), 1e-12);
        Assert.IsTrue(new IdentityPreference().LengthNormalize);
    }

    [TestMethod]
    public void KahnemanTversky_TakesTheDivergence_OrTheMeanOfTheBatch_NeverBelowZero()
    {
        using var scope = NewDisposeScope();
        var scores = With(Pair([-1, -2], [-3, -1, -2, -4]), reference: [-6, -8]);
        double Loss(double zero) => (Sigmoid(-0.5 * (3 - zero)) + Sigmoid(0.5 * (-2 - zero))) / 2;
        var objective = new KahnemanTversky(0.5);
        (double Loss, double Zero) Run(CompletionScores of)
        {
            var sum = objective.Sum(of);
            return (sum.Loss.ToDouble() / sum.Weight, sum.Metrics["kl"].Sum.ToDouble() / sum.Metrics["kl"].Weight);
        }

        Assert.AreEqual(0.5, Run(scores).Zero, 1e-12);
        Assert.AreEqual(Loss(0.5), Run(scores).Loss, 1e-12);
        Assert.AreEqual(Loss(1.25), Run(With(scores, [-6, -8], divergence: 1.25)).Loss, 1e-12);
        Assert.AreEqual(Loss(0), Run(With(scores, [-6, -8], divergence: -3)).Loss, 1e-12);
        // Ratios 1 and -4: their mean is negative.
        Assert.AreEqual((Sigmoid(-0.5) + Sigmoid(-2)) / 2, Run(With(scores, [-4, -6])).Loss, 1e-12);

        // z moves with the log-probabilities, but no gradient flows through it.
        var leaf = With(scores, [-6, -8], isLeaf: true);
        objective.Sum(leaf).Loss.backward();
        double slope = 0.5 * Sigmoid(0.5 * 2.5) * Sigmoid(-0.5 * 2.5);
        double[] gradient = ObjectiveRun.Doubles(leaf.LogProbabilities.grad!);
        Assert.That.AreClose([-slope, -slope, slope, slope, slope, slope], [.. gradient[..2], .. gradient[4..]], 1e-12, "gradient");
    }

    [TestMethod]
    public void RobustLoss_IsUnbiased_UnderFlippedLabels()
    {
        using var scope = NewDisposeScope();
        var scores = With(Pair([-1, -2], [-3, -1, -2, -4]), reference: [-6, -8]);
        var flipped = With(Pair([-3, -1, -2, -4], [-1, -2, 0, 0], chosenLength: 4, rejectedLength: 2), reference: [-8, -6]);
        var robust = new DirectPreference(0.3, labelSmoothing: 0.2, robust: true);
        Assert.AreEqual(Loss(new DirectPreference(0.3), scores), 0.8 * Loss(robust, scores) + 0.2 * Loss(robust, flipped), 1e-12);
    }

    [TestMethod]
    public void CertainTokens_LeaveUnlikelihoodAndOddsFinite()
    {
        using var scope = NewDisposeScope();
        foreach (double certain in new[] { 0, -1e-12, -1e-5 })
        {
            foreach (IPreferenceObjective objective in new IPreferenceObjective[] { new Unlikelihood(), new OddsRatioPreference() })
            {
                var scores = With(Pair([certain, certain], [certain, certain, certain, certain]), reference: [0, 0], isLeaf: true);
                var sum = objective.Sum(scores);
                sum.Loss.backward();
                Assert.IsTrue(double.IsFinite(sum.Loss.ToDouble()), $"{objective} {certain}");
                Assert.IsTrue(ObjectiveRun.Doubles(scores.LogProbabilities.grad!).All(double.IsFinite), $"{objective} {certain}");
            }
        }

        // 1 - e^-x = x - x^2/2 + x^3/6: double.ExpM1 has fewer digits.
        const double x = 1e-5;
        Assert.AreEqual(-4 * Math.Log(x - x * x / 2 + x * x * x / 6), Loss(new Unlikelihood(), Pair([0, 0], [-x, -x, -x, -x])), 1e-12);
        Assert.AreEqual(-4 * Math.Log(1e-6), Loss(new Unlikelihood(), Pair([0, 0], [0, 0, 0, 0])), 1e-9);
    }

    [TestMethod]
    public void MetricsOfLabels_AreMeansOverTheirKind()
    {
        using var scope = NewDisposeScope();
        var isToken = tensor(new[,] { { true, true, true }, { true, false, false }, { true, true, false }, { false, false, false } });
        var logProbabilities = tensor(new[,] { { -1.0, -2, -3 }, { -5, 0, 0 }, { -3, -3, 0 }, { 0, 0, 0 } });
        PreferenceSum Sum(params bool[] isDesired) => new ChosenCrossEntropy().Sum(new(logProbabilities, isToken, tensor(isDesired), isPaired: false));
        Dictionary<string, double> Means(PreferenceSum sum) => sum.Metrics.ToDictionary(m => m.Key, m => m.Value.Sum.ToDouble() / m.Value.Weight);

        var mixed = Sum(true, false, true, true);
        Assert.AreEqual(5, mixed.Weight);
        Assert.AreEqual(12, mixed.Loss.ToDouble());
        var means = Means(mixed);
        Assert.AreEqual(-6, means["rewards/chosen"], 1e-12);
        Assert.AreEqual(-5, means["rewards/rejected"], 1e-12);
        Assert.AreEqual(-1, means["rewards/margins"], 1e-12);
        Assert.AreEqual(-6, means["logps/chosen"], 1e-12);
        Assert.IsFalse(means.ContainsKey("rewards/accuracies"));

        // No completion is undesired: nothing is said of them.
        CollectionAssert.AreEquivalent(new[] { "rewards/chosen", "logps/chosen" }, Sum(true, true, true, false).Metrics.Keys.ToArray());
    }

    [TestMethod]
    public void MetricsOfBatches_AddUpByTheirOwnWeights()
    {
        using var scope = NewDisposeScope();
        CompletionScores Scores(double[] sums, bool[] isDesired) => new(tensor(sums).unsqueeze(1), ones(sums.Length, 1, dtype: ScalarType.Bool), tensor(isDesired), isPaired: false);
        PreferenceSum[] batches = [.. new[] { Scores([-1, -3], [true, true]), Scores([-2, -4], [true, false]), Scores([-6], [false]) }.Select(new Unlikelihood().Sum)];
        double Mean(string name) => batches.Where(b => b.Metrics.ContainsKey(name)).Sum(b => b.Metrics[name].Sum.ToDouble()) / batches.Where(b => b.Metrics.ContainsKey(name)).Sum(b => b.Metrics[name].Weight);
        Assert.AreEqual(-2, Mean("rewards/chosen"), 1e-12);
        Assert.AreEqual(-5, Mean("rewards/rejected"), 1e-12);
        Assert.AreEqual(-2, Mean("logps/chosen"), 1e-12);
        Assert.AreEqual(2, Mean("ce_loss"), 1e-12);
        Assert.AreEqual(2, Mean("rewards/margins"), 1e-12, "of the only batch with both kinds");
    }

    [TestMethod]
    public void Accuracy_IsStrict()
    {
        using var scope = NewDisposeScope();
        double Accuracy(double[] reference)
            => new DirectPreference().Sum(With(Pair([-1, -2], [-3, -1, -2, -4]), reference)).Metrics["rewards/accuracies"].Sum.ToDouble();
        Assert.AreEqual(1, Accuracy([-6, -8]));
        Assert.AreEqual(0, Accuracy([-3, -10]));
        Assert.AreEqual(0, Accuracy([0, -12]));
    }

    private static double Loss(IPreferenceObjective objective, CompletionScores scores)
    {
        var sum = objective.Sum(scores);
        return sum.Loss.ToDouble() / (objective is Unlikelihood ? 1 : sum.Weight);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>One pair, padded to four tokens.</summary>
    private static CompletionScores Pair(double[] chosen, double[] rejected, int chosenLength = 2, int rejectedLength = 4)
    {
        double[] values = [.. chosen, .. new double[4 - chosen.Length], .. rejected, .. new double[4 - rejected.Length]];
        var isToken = arange(4).unsqueeze(0) < tensor([chosenLength, rejectedLength]).unsqueeze(1);
        return new(tensor(values).view(2, 4), isToken, tensor([true, false]), isPaired: true);
    }

    private static CompletionScores With(CompletionScores scores, double[] reference, double? divergence = null, bool isLeaf = false)
        => new(scores.LogProbabilities.detach().clone().requires_grad_(isLeaf), scores.IsToken, scores.IsDesired, scores.IsPaired)
        {
            Reference = tensor(reference),
            Divergence = divergence,
        };
}
