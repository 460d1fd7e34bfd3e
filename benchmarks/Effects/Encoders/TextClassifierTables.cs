using System.Globalization;
using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Tokenization;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, what pre-training on the set's own texts does for a classifier: docs/encoder-results.md.</summary>
internal static class TextClassifierTables
{
    private const int Seeds = 3;

    /// <summary>77 intents; with few labels too, for so many steps that all have the same time to learn.</summary>
    public static void PrintBanking() => Print(
        "banking77", LabelledTexts.Banking, TextClassifierRecipe.Banking, [(5, 1_000), (10, 1_000), (100, 2_500)]);

    /// <summary>Praise or blame.</summary>
    public static void PrintReviews() => Print("sst2", LabelledTexts.Reviews, TextClassifierRecipe.Reviews, []);

    private static void Print(string name, Func<MLContext, LabelledTexts?> read, TextClassifierRecipe recipe, IReadOnlyList<(int RowsPerClass, int Steps)> few)
    {
        torch.set_num_threads(1);
        var context = new MLContext(seed: 0);
        if (read(context) is not { } texts)
        {
            Console.WriteLine($"{name} is not in ../shared/data: passed over.");
            return;
        }

        WordPieceTokenizer tokenizer = TextClassifierRecipe.LearnTokens(context, texts.Train);
        List<MaskedLanguageModelTransformer> encoders = [];
        Console.WriteLine($"| {name} | from scratch | pre-trained | gain | seeds: from scratch | pre-trained | seconds: pre-training | classifier |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        List<double> seconds = [];
        PrintRow("all labels", seed =>
        {
            (MaskedLanguageModelTransformer encoder, double spent) = recipe.Pretrain(context, tokenizer, texts.Train, seed);
            encoders.Add(encoder);
            seconds.Add(spent);
            Console.Error.WriteLine(FormattableString.Invariant($"{name}, seed {seed}: pre-trained in {spent:F0} s"));
            return texts;
        }, steps: null);
        foreach ((int rows, int steps) in few)
            PrintRow($"{rows} a class", seed => texts.Few(rows, seed), steps);
        encoders.ForEach(encoder => encoder.Dispose());

        void PrintRow(string part, Func<int, LabelledTexts> choose, int? steps)
        {
            List<double> scratch = [], pretrained = [], spent = [];
            foreach (int seed in Enumerable.Range(1, Seeds))
            {
                LabelledTexts chosen = choose(seed);
                (double accuracy, double time) = recipe.Classify(context, tokenizer, chosen, encoders[seed - 1], seed, steps);
                pretrained.Add(100 * accuracy);
                spent.Add(time);
                scratch.Add(100 * recipe.Classify(context, tokenizer, chosen, null, seed, steps).Accuracy);
                Console.Error.WriteLine(FormattableString.Invariant($"{name}, {part}, seed {seed}: from scratch {scratch[^1]:F1}, pre-trained {pretrained[^1]:F1}, {time:F0} s"));
            }

            Spread gain = Spread.Of(pretrained.Zip(scratch, (with, without) => with - without));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {part} | {Mean(scratch)} | {Mean(pretrained)} | {Mean(gain.Values)} | {Each(scratch, "F1")} | {Each(pretrained, "F1")} | {(steps is null ? Each(seconds, "F0") : "")} | {Each(spent, "F0")} |"));
        }
    }

    private static string Mean(IEnumerable<double> values)
    {
        Spread spread = Spread.Of(values);
        return string.Create(CultureInfo.InvariantCulture, $"{spread.Mean:F1} ± {spread.Deviation:F1}");
    }

    private static string Each(IEnumerable<double> values, string format) => string.Join(", ", values.Select(v => v.ToString(format, CultureInfo.InvariantCulture)));
}
