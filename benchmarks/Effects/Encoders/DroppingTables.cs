using System.Globalization;
using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, the study of token dropping in docs/encoder-results.md.</summary>
internal static class DroppingTables
{
    private const int Seeds = 3;

    public static void Print()
    {
        torch.set_num_threads(1);
        var context = new MLContext(seed: 0);
        var outcomes = DroppingArm.All.ToDictionary(arm => arm.Name, _ => new List<DroppingOutcome>());
        List<double> entropies = [];
        foreach (int seed in Enumerable.Range(1, Seeds))
        {
            using var recipe = new DroppingRecipe(context, seed);
            entropies.Add(recipe.UnigramEntropy);
            foreach ((string name, DroppingOutcome outcome) in Run(recipe))
            {
                outcomes[name].Add(outcome);
                Console.Error.WriteLine($"seed {seed}, {name}: {Cells(outcome)}");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Unigram entropy: {string.Join(", ", entropies.Select(e => e.ToString("F3", CultureInfo.InvariantCulture)))} nats."));
        Console.WriteLine();
        Console.WriteLine("| trained with | seed | loss, full pass | loss, dropped pass | relative distance | divergence | importance and frequency | ms a step |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach ((string name, List<DroppingOutcome> runs) in outcomes)
        {
            for (int i = 0; i < runs.Count; i++)
                Console.WriteLine($"| {name} | {i + 1} | {Cells(runs[i])} |");
        }
    }

    /// <summary>Trains and measures all arms. Passes of the encoder that was trained with all tokens, and those of ScTD, are dropped by the importance that token dropping learned with the same seed.</summary>
    public static IEnumerable<(string Name, DroppingOutcome Outcome)> Run(DroppingRecipe recipe)
    {
        var trained = DroppingArm.All.Select(arm => (arm.Name, recipe.Train(arm))).ToArray();
        IReadOnlyList<float> importance = trained.Single(t => t.Name == DroppingArm.Loss).Item2.Model.TokenImportance!;
        foreach ((string name, (MaskedLanguageModelTransformer model, double seconds)) in trained)
        {
            using (model)
            {
                IReadOnlyList<float>? table = name == DroppingArm.Random ? null : name == DroppingArm.Frequency ? recipe.FrequencyTable() : importance;
                yield return (name, new DroppingOutcome(recipe.Measure(model, table), model.TokenImportance is { } learned ? recipe.Correlation(learned) : null, seconds));
            }
        }
    }

    private static string Cells(DroppingOutcome outcome)
    {
        MaskedMetrics m = outcome.Metrics;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{m.Loss:F3} | {m.DroppedLoss:F3} | {m.Drift!.RelativeDistance:F3} | {m.Drift.Divergence:F5} | {outcome.Importance?.ToString("F2", CultureInfo.InvariantCulture) ?? "-"} | {1000 * outcome.SecondsPerStep:F0}");
    }
}
