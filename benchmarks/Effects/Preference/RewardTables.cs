using System.Globalization;
using Microsoft.ML;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, the study of reward models in docs/preference-results.md.</summary>
internal static class RewardTables
{
    private const int Seeds = 3;

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
        Console.WriteLine("| reward model | validation accuracy % | test accuracy % | test, seeds 1-3 | seconds of a fit |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (RewardRecipe recipe in new[] { RewardRecipe.TfIdf, RewardRecipe.HashingBag, RewardRecipe.TextEncoder })
        {
            RewardOutcome[] runs = [.. Enumerable.Range(1, Seeds).Select(seed => recipe.Run(context, data, seed))];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {recipe.Name} | {runs.Average(r => r.Validation):F1} | {Spread.Of(runs.Select(r => r.Test))} | {runs.Average(r => r.Seconds):F0} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| the longer response | {Longer(data.Validation):F1} | {Longer(data.Test):F1} | - | - |"));
    }

    private static double Longer(PreferencePair[] pairs) => 100 * pairs.Average(p => p.Chosen.Length > p.Rejected.Length ? 1.0 : 0);
}
