using System.Globalization;
using Microsoft.ML;
using MLNetExt.Masking;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, the study of docs/goldfish-results.md.</summary>
internal static class GoldfishTables
{
    private const int Seeds = 3;

    private static readonly GoldfishRecipe[] s_arms =
    [
        new("standard"),
        new("hashed k=4", GoldfishStrategy.Hash),
        new("reference table k=4", GoldfishStrategy.ReferenceHash),
        new("hashed k=3", GoldfishStrategy.Hash, K: 3),
        new("hashed k=8", GoldfishStrategy.Hash, K: 8),
        new("static k=4", GoldfishStrategy.Static),
        new("random k=4, drawn in each step", RandomMask: 4),
        new("hashed k=4, 400 steps", GoldfishStrategy.Hash, Steps: 400),
        new("at offsets: standard", Steps: GoldfishRecipe.StepsAtOffsets, AtOffsets: true),
        new("at offsets: hashed k=4", GoldfishStrategy.Hash, Steps: GoldfishRecipe.StepsAtOffsets, AtOffsets: true),
        new("at offsets: static k=4", GoldfishStrategy.Static, Steps: GoldfishRecipe.StepsAtOffsets, AtOffsets: true),
        new("control, no canaries", WithCanaries: false),
    ];

    public static void Print()
    {
        // Networks this small run fastest on one thread, and give the same numbers each time.
        torch.set_num_threads(1);
        var context = new MLContext(seed: 0);
        var data = new GoldfishData(context);
        Console.WriteLine("| arm | exact match, seeds 1-3 | RougeL | token accuracy | canary loss | validation loss | first divergences on a dropped token | membership AUC |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (GoldfishRecipe arm in s_arms)
        {
            GoldfishOutcome[] runs = [.. Enumerable.Range(1, Seeds).Select(seed => arm.Run(context, data, seed))];
            string Mean(Func<GoldfishOutcome, double> value, string format) => runs.Average(value).ToString(format, CultureInfo.InvariantCulture);
            string dropped = runs[0].DivergedOnDropped is null ? "-" : $"{runs.Sum(r => r.DivergedOnDropped)}/{runs.Sum(r => r.Diverged)}";
            Console.WriteLine(
                $"| {arm.Name} | {string.Join(", ", runs.Select(r => r.ExactMatch.ToString("F2", CultureInfo.InvariantCulture)))} | {Mean(r => r.RougeL, "F3")} | {Mean(r => r.TokenAccuracy, "F3")} "
                + $"| {Mean(r => r.CanaryLoss, "F3")} | {Mean(r => r.ValidationLoss, "F3")} | {dropped} | {Mean(r => r.MembershipAuc, "F3")} |");
        }
    }
}
