using Microsoft.ML;
using MLNetExt.Benchmarks;
using MLNetExt.Preference;
using TorchSharp;

namespace MLNetExt.Tests.Effects;

/// <summary>What the pairwise Cringe loss does to a model that repeats itself, through the public estimator. <c>benchmarks -- effects repetition</c> prints these runs and more.</summary>
[TestClass]
public sealed class RepetitionEffectTests
{
    private static readonly MLContext s_context = new(seed: 0);
    private static readonly Lazy<RepetitionData> s_data = new(() => new RepetitionData(s_context));

    [TestInitialize]
    public void OneThread() => torch.set_num_threads(1);

    [TestMethod]
    [TestCategory("Effect")]
    public void Preferences_cure_repetition_and_cost_little()
    {
        var (before, cringe, tuned, direct) = (new List<RepetitionOutcome>(), new List<RepetitionOutcome>(), new List<RepetitionOutcome>(), new List<RepetitionOutcome>());
        for (int seed = 1; seed <= 5; seed++)
        {
            using var recipe = new RepetitionRecipe(s_context, s_data.Value, seed);
            RepetitionPair[] pairs = recipe.Pairs(recipe.Base, s_data.Value.Prompts(seed));
            before.Add(recipe.Measure(recipe.Base));
            cringe.Add(recipe.Outcome(new PairwiseCringeOptions(), pairs));
            tuned.Add(recipe.Outcome(new DirectPreferenceOptions { Loss = PreferenceLoss.ChosenOnly }, pairs));
            direct.Add(recipe.Outcome(new DirectPreferenceOptions(), pairs));
        }

        Assert.IsGreaterThanOrEqualTo(0.05, before.Min(r => r.Repetition), "the study is void: a base model does not repeat itself");
        Assert.IsGreaterThanOrEqualTo(4, before.Zip(cringe).Count(r => r.Second.Repetition <= 0.4 * r.First.Repetition));
        Assert.IsLessThan(tuned.Average(r => r.Repetition), cringe.Average(r => r.Repetition), "fine-tuning on the chosen");
        Assert.IsLessThan(direct.Average(r => r.Repetition), cringe.Average(r => r.Repetition), "DPO");
        Assert.IsLessThan(1.2 * before.Average(r => r.Perplexity), cringe.Average(r => r.Perplexity));
        Assert.IsLessThan(cringe.Average(r => r.FirstGate), cringe.Average(r => r.LastGate));
    }

    [TestMethod]
    [TestCategory("EffectShort")]
    public void One_seed_repeats_itself_less_and_its_gate_closes()
    {
        using var recipe = new RepetitionRecipe(s_context, s_data.Value, seed: 1);
        RepetitionOutcome before = recipe.Measure(recipe.Base);
        RepetitionOutcome after = recipe.Outcome(new PairwiseCringeOptions(), recipe.Pairs(recipe.Base, s_data.Value.Prompts(1)));
        Assert.IsGreaterThanOrEqualTo(0.05, before.Repetition);
        Assert.IsLessThanOrEqualTo(0.4 * before.Repetition, after.Repetition);
        Assert.IsLessThan(after.FirstGate, after.LastGate);
    }
}
