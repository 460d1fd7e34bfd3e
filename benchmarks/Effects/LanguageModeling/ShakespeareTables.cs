using Microsoft.ML;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, the language model of docs/goldfish-results.md.</summary>
internal static class ShakespeareTables
{
    private const int Seeds = 3;

    /// <exception cref="TimeoutException">A fit took longer than a seed may; the table is printed before.</exception>
    public static void Print()
    {
        torch.set_num_threads(1);
        var context = new MLContext(seed: 0);
        if (ShakespeareData.Read(context) is not { } data)
        {
            Console.WriteLine("tinyshakespeare is not in ../shared/data: passed over.");
            return;
        }

        List<(double Bits, long Weights, double Seconds)> runs = [];
        foreach (int seed in Enumerable.Range(1, Seeds))
        {
            runs.Add(new ShakespeareRecipe().Run(context, data, data.Test, seed));
            Console.Error.WriteLine($"seed {seed}: {runs[^1]}");
        }

        Console.WriteLine("| tinyshakespeare | weights | bits per character | seeds 1-3 | seconds of a fit |");
        Console.WriteLine("|---|---|---|---|---|");
        double mean = runs.Average(r => r.Bits), deviation = Spread.Of(runs.Select(r => r.Bits)).Deviation;
        Console.WriteLine(FormattableString.Invariant(
            $"| test | {runs[0].Weights:N0} | {mean:F3} ± {deviation:F3} | {string.Join(", ", runs.Select(r => FormattableString.Invariant($"{r.Bits:F3}")))} | {string.Join(", ", runs.Select(r => FormattableString.Invariant($"{r.Seconds:F0}")))} |"));
        double slowest = runs.Max(r => r.Seconds);
        if (slowest > ShakespeareRecipe.SecondsAllowed)
            throw new TimeoutException(FormattableString.Invariant($"A fit took {slowest:F0} s: {ShakespeareRecipe.SecondsAllowed} are allowed on two idle cores."));
    }
}
