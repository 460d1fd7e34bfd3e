using Microsoft.ML;
using MLNetExt.Benchmarks;
using TorchSharp;

namespace MLNetExt.Tests.Effects;

/// <summary>What token dropping costs and does, through the public estimator and evaluation. <c>benchmarks -- effects dropping</c> prints these runs and more.</summary>
[TestClass]
public sealed class DroppingEffectTests
{
    private const int Seeds = 3;
    private static readonly MLContext s_context = new(seed: 0);
    private static readonly string s_weak = DroppingArm.NameOfConsistent(1), s_strong = DroppingArm.NameOfConsistent(5);

    [TestInitialize]
    public void OneThread() => torch.set_num_threads(1);

    [TestMethod]
    [TestCategory("Effect")]
    public void Dropping_costs_little_moves_the_vectors_and_consistency_holds_them()
    {
        Dictionary<string, DroppingOutcome[]> runs = Run(Seeds, DroppingArm.Full, DroppingArm.Loss, s_weak, s_strong);
        double Loss(string arm) => runs[arm].Average(r => r.Metrics.Loss);
        double Distance(string arm) => runs[arm].Average(r => r.Metrics.Drift!.RelativeDistance);
        double Divergence(string arm) => runs[arm].Average(r => r.Metrics.Drift!.Divergence);
        Assert.AreEqual(Loss(DroppingArm.Full), Loss(DroppingArm.Loss), 0.05, "the loss of a full pass");
        Assert.IsGreaterThanOrEqualTo(1.3 * Distance(DroppingArm.Full), Distance(DroppingArm.Loss), "how far dropped passes lie from full ones");
        Assert.IsLessThan(Divergence(DroppingArm.Loss), Divergence(s_weak), s_weak);
        Assert.IsLessThan(Divergence(DroppingArm.Loss), Divergence(s_strong), s_strong);
    }

    [TestMethod]
    [TestCategory("EffectShort")]
    public void Of_one_seed_dropping_moves_the_vectors_and_rare_characters_are_the_important_ones()
    {
        Dictionary<string, DroppingOutcome[]> runs = Run(seeds: 1, DroppingArm.Full, DroppingArm.Loss);
        DroppingOutcome full = runs[DroppingArm.Full][0], dropped = runs[DroppingArm.Loss][0];
        Assert.IsGreaterThan(full.Metrics.Drift!.RelativeDistance, dropped.Metrics.Drift!.RelativeDistance);
        Assert.IsLessThan(-0.3, dropped.Importance!.Value);
    }

    /// <exception cref="InvalidOperationException">The encoder trained with all tokens knows little more than the characters' frequencies: nothing follows from the study.</exception>
    private static Dictionary<string, DroppingOutcome[]> Run(int seeds, params string[] names)
    {
        DroppingArm[] arms = [.. DroppingArm.All.Where(arm => names.Contains(arm.Name))];
        return Enumerable.Range(1, seeds)
            .SelectMany(seed =>
            {
                using var recipe = new DroppingRecipe(s_context, seed);
                (string Name, DroppingOutcome Outcome)[] outcomes = [.. recipe.Run(arms)];
                double loss = outcomes.Single(o => o.Name == DroppingArm.Full).Outcome.Metrics.Loss;
                return loss <= recipe.UnigramEntropy - 0.5
                    ? outcomes
                    : throw new InvalidOperationException($"The study is void: seed {seed} loses {loss} nats, and the frequencies of characters {recipe.UnigramEntropy}.");
            })
            .GroupBy(o => o.Name, o => o.Outcome)
            .ToDictionary(g => g.Key, g => g.ToArray());
    }
}
