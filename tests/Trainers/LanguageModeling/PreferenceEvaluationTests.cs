using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>The evaluators of preferences with a real model: TinyModel goes on with the third letter after the last.</summary>
[TestClass]
public sealed class PreferenceEvaluationTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly CausalLanguageModelTransformer s_model = TinyModel.Fit();

    /// <summary>A model that has learned nothing yet: a few steps at the usual rate already teach the first letters.</summary>
    private static readonly CausalLanguageModelTransformer s_start = TinyModel.Fit(epochs: 1, change: options => options.Training.LearningRate = 1e-7);

    private static readonly IDataView s_pairs = s_ml.Data.LoadFromEnumerable(new[]
    {
        new { Prompt = "adg", Chosen = "jmp", Rejected = "zzz" },
        new { Prompt = "beh", Chosen = "knq", Rejected = "kkk" },
        new { Prompt = "cfi", Chosen = "lor", Rejected = "rol" },
    });

    [ClassCleanup]
    public static void Dispose()
    {
        s_model.Dispose();
        s_start.Dispose();
    }

    [TestMethod]
    public void A_model_prefers_what_it_learned_and_is_far_from_its_start_but_not_from_itself()
    {
        PreferenceMetrics metrics = s_ml.Preference.Evaluate(s_model, s_pairs, new PreferenceEvaluationOptions { Reference = s_start, DivergenceTokens = 8 });
        Assert.AreEqual(1, metrics.Accuracy);
        Assert.AreEqual(1, metrics.Rewards!.Margins.Accuracy);
        Assert.IsGreaterThan(2 * metrics.Divergence!.StandardError, metrics.Divergence.PerToken);
        Assert.AreEqual(s_model.EndId, metrics.EndTokenId);
        int[] prompt = s_model.EncodePrompt("adg"), completion = s_model.EncodeCompletion("jmp");
        Assert.AreEqual(
            s_model.LogProbabilities([[.. prompt, .. completion]])[0][(prompt.Length - 1)..].Sum(),
            s_ml.Preference.Evaluate(s_model, s_pairs, new PreferenceEvaluationOptions { AppendEnd = false }).Pairs[0].Chosen.LogProbability, 1e-4);

        PreferenceMetrics itself = s_ml.Preference.Evaluate(s_model, s_pairs, new PreferenceEvaluationOptions { Reference = s_model, DivergenceTokens = 8 });
        Assert.AreEqual(0, itself.Divergence!.PerToken, 1e-6);
        Assert.AreEqual(0, itself.Rewards!.Margins.Accuracy);
    }

    [TestMethod]
    public void The_model_wins_against_its_start_under_a_reward_for_what_it_learned()
    {
        static bool IsLearned(string prompt, string completion) => completion.StartsWith((char)(prompt[^1] + 3));
        var judge = new RewardJudge((prompt, completion) => IsLearned(prompt, completion) ? 1 : 0);
        PreferenceComparison comparison = s_ml.Preference.Compare(s_model, s_start, s_pairs, judge, maxNewTokens: 3);
        Assert.AreEqual("jmp", comparison.Prompts[0].A);
        Assert.IsTrue(comparison.Prompts.All(prompt => IsLearned(prompt.Prompt, prompt.A)));
        Assert.AreEqual(1, comparison.WinRate.Value);
        Assert.AreEqual(0.5, s_ml.Preference.Compare(s_model, s_model, s_pairs, judge, maxNewTokens: 3).WinRate.Value);
    }
}
