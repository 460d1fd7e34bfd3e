using System.Globalization;
using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.Preference;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, the study of a small language model on hh_rlhf_harmless in docs/preference-results.md.</summary>
internal static class HarmlessModelTables
{
    private const int Seeds = 3;

    private static readonly (string Name, Func<PreferenceTrainerOptions> Options)[] s_arms =
    [
        ("CPO, β=0.001", () => new DirectPreferenceOptions { Loss = PreferenceLoss.Cpo, Beta = 0.001, Alpha = 0, Epochs = 6, LearningRate = 2e-3 }),
        ("DPO, β=0.003", () => new DirectPreferenceOptions { Beta = 0.003, Epochs = 6, LearningRate = 1e-3 }),
        ("pairwise Cringe, b and τ from the start", () => new PairwiseCringeOptions { AutoGate = true, Epochs = 3, LearningRate = 1e-3 }),
    ];

    public static void Print()
    {
        // One thread gives the same numbers each time.
        torch.set_num_threads(1);
        if (HarmlessData.Read() is not { } data)
        {
            Console.WriteLine("hh_rlhf_harmless is not in ../shared/data: passed over.");
            return;
        }

        var context = new MLContext(seed: 0);
        Console.WriteLine("| model | part | seed | preference accuracy % | gain in points, 95 % interval | a token % | implicit rewards % |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (int seed in Enumerable.Range(1, Seeds))
        {
            using var recipe = new HarmlessModelRecipe(context, data, seed);
            (string Name, PreferencePair[] Pairs, PreferenceMetrics Before)[] parts =
                [.. new[] { ("validation", data.Validation), ("test", data.Test) }.Select(part => (part.Item1, part.Item2, recipe.Measure(recipe.Start, part.Item2)))];
            foreach ((string part, _, PreferenceMetrics before) in parts)
                Add("start", part, seed, before, null);
            foreach ((string name, Func<PreferenceTrainerOptions> options) in s_arms)
            {
                using PreferenceTransformer model = recipe.Train(options());
                foreach ((string part, PreferencePair[] pairs, PreferenceMetrics before) in parts)
                {
                    PreferenceMetrics after = recipe.Measure(model.LanguageModel, pairs, recipe.Start);
                    Add(name, part, seed, after, after.GainOver(before));
                }
            }
        }
    }

    private static void Add(string model, string part, int seed, PreferenceMetrics metrics, PreferenceGain? gain) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {model} | {part} | {seed} | {100 * metrics.Accuracy:F1} | {(gain is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100 * gain.Value:F1} ({100 * gain.Interval.Low:F1} to {100 * gain.Interval.High:F1})"))} | {100 * metrics.MarginsPerToken.Accuracy:F1} | {(metrics.Rewards is { } rewards ? (100 * rewards.Margins.Accuracy).ToString("F1", CultureInfo.InvariantCulture) : "-")} |"));
}
