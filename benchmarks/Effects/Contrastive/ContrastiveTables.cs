using System.Globalization;
using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.Objectives;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, the studies of docs/contrastive-results.md.</summary>
internal static class ContrastiveTables
{
    private const int StudySeeds = 4;
    private const int TaskSeeds = 3;
    private static readonly MLContext s_context = new(seed: 0);

    public static void PrintHalves()
    {
        // Networks this small run fastest on one thread, and give the same numbers each time.
        torch.set_num_threads(1);
        var data = new HalvesData(s_context);
        Console.WriteLine("| digit halves | recall@1 % | seeds 1-4 |");
        Console.WriteLine("|---|---|---|");
        void Print(string name, HalvesRecipe recipe) => Console.WriteLine($"| {name} | {recipe.RunSeeds(data, StudySeeds)} |");

        var masking = new HalvesRecipe(BatchSize: 64, Epochs: 40);
        Print("batch 64, all negatives", masking);
        foreach (double ratio in new[] { 2.0, 8 })
        {
            foreach (NegativeKind kind in new[] { NegativeKind.Random, NegativeKind.Hard, NegativeKind.Easy })
                Print($"batch 64, 1:{ratio} {kind.ToString().ToLowerInvariant()} negatives", masking with { Negatives = kind, NegativesPerPositive = ratio });
        }

        foreach (int batch in new[] { 16, 64 })
        {
            var recipe = new HalvesRecipe(batch, Epochs: 60);
            Print($"batch {batch}, bias -10", recipe);
            Print(string.Create(CultureInfo.InvariantCulture, $"batch {batch}, bias -ln(n-1) = {-Math.Log(batch - 1):F2}"), recipe with { Bias = -Math.Log(batch - 1) });
            Print($"batch {batch}, bias 0", recipe with { Bias = 0 });
            Print($"batch {batch}, softmax", recipe with { Loss = ContrastiveLoss.Softmax });
            Print($"batch {batch}, bias -10, 40 % of the pairs shuffled", recipe with { ShuffledShare = 0.4 });
            Print($"batch {batch}, softmax, 40 % of the pairs shuffled", recipe with { ShuffledShare = 0.4, Loss = ContrastiveLoss.Softmax });
        }
    }

    /// <exception cref="TimeoutException">A fit took longer than a seed may; the table is printed before.</exception>
    public static void PrintFashion()
    {
        if (FashionData.Read(s_context) is not { } data)
        {
            Console.WriteLine("fashion_mnist_15k is not in ../shared/data: passed over.");
            return;
        }

        Console.WriteLine("| fashion_mnist_15k | zero-shot accuracy % | seeds 1-3 | seconds of a fit |");
        Console.WriteLine("|---|---|---|---|");
        double slowest = 0;
        foreach (PairMatching matching in new[] { PairMatching.EqualRight, PairMatching.OwnRow })
        {
            string arm = matching == PairMatching.OwnRow ? "without" : "with";
            (double Accuracy, double Seconds)[] runs = [.. Seeds(seed => new FashionRecipe(matching).Run(s_context, data, seed))];
            Console.WriteLine(FormattableString.Invariant(
                $"| {arm} the label matrix | {Spread.Of(runs.Select(r => r.Accuracy))} | {string.Join(", ", runs.Select(r => $"{r.Seconds:F0}"))} |"));
            slowest = Math.Max(slowest, runs.Max(r => r.Seconds));
        }

        if (slowest > FashionRecipe.SecondsAllowed)
            throw new TimeoutException(FormattableString.Invariant($"A fit took {slowest:F0} s: {FashionRecipe.SecondsAllowed} are allowed on two idle cores."));
    }

    public static void PrintClipart()
    {
        var data = ClipartData.Read(s_context);
        ClipartResult[] runs = [.. Seeds(seed => new ClipartRecipe().Run(s_context, data, seed))];
        Console.WriteLine("| openclipart, 213 test pairs | mean ± deviation | seeds 1-3 |");
        Console.WriteLine("|---|---|---|");
        Print("recall@1 %", r => r.RecallAt1);
        Print("recall@5 %", r => r.RecallAt5);
        Print("recall@10 %", r => r.RecallAt10);
        Print("median rank", r => r.MedianRank);
        Print("zero-shot category accuracy %", r => r.CategoryAccuracy);
        Print("seconds of a fit", r => r.Seconds);
        Console.WriteLine(FormattableString.Invariant($"The largest category makes {data.MajorityAccuracy:F1} % of the test part; chance for recall@10 is {data.ChanceOfRecallAt10:F1} %."));

        void Print(string name, Func<ClipartResult, double> value) => Console.WriteLine($"| {name} | {Spread.Of(runs.Select(value))} |");
    }

    /// <summary>Runs each seed, and tells the person who waits what it gave.</summary>
    private static IEnumerable<T> Seeds<T>(Func<int, T> run)
    {
        foreach (int seed in Enumerable.Range(1, TaskSeeds))
        {
            T result = run(seed);
            Console.Error.WriteLine($"seed {seed}: {result}");
            yield return result;
        }
    }
}
