using System.Globalization;
using Microsoft.ML;
using MLNetExt.Evaluation;
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
            foreach ((string name, DroppingOutcome outcome) in recipe.Run(DroppingArm.All))
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
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | mean | {Mean(runs, r => r.Metrics.Loss):F3} | {Mean(runs, r => r.Metrics.DroppedLoss!.Value):F3} | {Mean(runs, r => r.Metrics.Drift!.RelativeDistance):F3} | {Mean(runs, r => r.Metrics.Drift!.Divergence):F5} | | {1000 * Mean(runs, r => r.SecondsPerStep):F0} |"));
        }
    }

    private static double Mean(IEnumerable<DroppingOutcome> runs, Func<DroppingOutcome, double> number) => Spread.Of(runs.Select(number)).Mean;

    private static string Cells(DroppingOutcome outcome)
    {
        MaskedMetrics m = outcome.Metrics;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{m.Loss:F3} | {m.DroppedLoss:F3} | {m.Drift!.RelativeDistance:F3} | {m.Drift.Divergence:F5} | {outcome.Importance?.ToString("F2", CultureInfo.InvariantCulture) ?? "-"} | {1000 * outcome.SecondsPerStep:F0}");
    }
}
