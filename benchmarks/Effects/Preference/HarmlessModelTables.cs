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
        ("DPO, β=0.01, 3 epochs", () => new DirectPreferenceOptions { Beta = 0.01, Epochs = 3, LearningRate = 1e-3 }),
        ("pairwise Cringe, b and τ from the start, 3 epochs", () => new PairwiseCringeOptions { AutoGate = true, Epochs = 3, LearningRate = 1e-3 }),
        ("DPO, β=0.003, 6 epochs", () => new DirectPreferenceOptions { Beta = 0.003, Epochs = 6, LearningRate = 1e-3 }),
        ("CPO, β=0.001, 6 epochs", () => new DirectPreferenceOptions { Loss = PreferenceLoss.Cpo, Beta = 0.001, Alpha = 0, Epochs = 6, LearningRate = 2e-3 }),
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
        List<(string Model, string Part, PreferenceMetrics Metrics, PreferenceGain? Gain)> results = [];
        foreach (int seed in Enumerable.Range(1, Seeds))
        {
            using var recipe = new HarmlessModelRecipe(context, data, seed);
            (string Name, PreferencePair[] Pairs, PreferenceMetrics Before)[] parts =
                [.. new[] { ("validation", data.Validation), ("test", data.Test) }.Select(part => (part.Item1, part.Item2, recipe.Measure(recipe.Start, part.Item2)))];
            foreach ((string part, _, PreferenceMetrics before) in parts)
                results.Add(("start", part, before, null));
            foreach ((string name, Func<PreferenceTrainerOptions> options) in s_arms)
            {
                using PreferenceTransformer model = recipe.Train(options());
                foreach ((string part, PreferencePair[] pairs, PreferenceMetrics before) in parts)
                {
                    PreferenceMetrics after = recipe.Measure(model.LanguageModel, pairs, recipe.Start);
                    results.Add((name, part, after, after.GainOver(before)));
                    Console.Error.WriteLine($"seed {seed}, {name}, {part}: {Percent(after.Accuracy)}, gain {Percent(results[^1].Gain!.Value)}");
                }
            }
        }

        Console.WriteLine("| model | part | preference accuracy %, seeds 1-3 | gain in points, mean | seeds 1-3, 95 % intervals | implicit rewards % |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var rows in results.GroupBy(r => (r.Model, r.Part)))
        {
            bool isStart = rows.First().Gain is null;
            Console.WriteLine(
                $"| {rows.Key.Model} | {rows.Key.Part} | {Join(rows.Select(r => Percent(r.Metrics.Accuracy)))} | {(isStart ? "-" : Percent(rows.Average(r => r.Gain!.Value)))} | "
                + $"{(isStart ? "-" : Join(rows.Select(r => $"{Percent(r.Gain!.Value)} ({Percent(r.Gain.Interval.Low)} to {Percent(r.Gain.Interval.High)})")))} | "
                + $"{(isStart ? "-" : Join(rows.Select(r => Percent(r.Metrics.Rewards!.Margins.Accuracy))))} |");
        }
    }

    private static string Join(IEnumerable<string> cells) => string.Join(", ", cells);

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);
}
