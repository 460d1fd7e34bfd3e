using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using MLNetExt.Classification;

namespace MLNetExt.Benchmarks;

/// <summary>UCI letter, 16,000 rows to learn from and 4,000 to test: squentropy against ML.NET's LightGbm with its default
/// options, in the same process, medians of the ratios of seeds 1-5.</summary>
internal static class LetterBars
{
    /// <summary>The fewest epochs with which the test accuracy passes LightGbm's 0.966 by a margin.</summary>
    private const int QuickEpochs = 6;
    private const int Seeds = 5;
    private const int ScoringRepeats = 3;

    public static IEnumerable<BarResult> Measure()
    {
        var context = new MLContext(0);
        Table letters = Table.Read(context, "letter.csv");
        Contestant full = new(seed => Squentropy(context, seed)), quick = new(seed => Squentropy(context, seed, QuickEpochs)),
            trees = new(seed => context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { Seed = seed }));
        Contestant[] all = [full, quick, trees];
        foreach (Contestant contestant in all)
            contestant.WarmUp(context, letters);
        for (int seed = 1; seed <= Seeds; seed++)
        {
            foreach (Contestant contestant in all)
                contestant.Run(context, letters, seed);
        }

        string reference = string.Create(CultureInfo.InvariantCulture, $"LightGbm {trees.Accuracies.Average():0.0000}");
        yield return RatioBar.Compare("letter: default fit / LightGbm fit", full.FitTimes, trees.FitTimes, 4);
        yield return RatioBar.Compare($"letter: fit with epochs = {QuickEpochs} / LightGbm fit", quick.FitTimes, trees.FitTimes, 1.2);
        yield return RatioBar.Compare("letter: scoring / LightGbm scoring", full.ScoreTimes, trees.ScoreTimes, 0.1);
        yield return BarResult.AtLeast("letter: accuracy, default options", full.Accuracies.Average(), 0.975, $"{Seeds} seeds; {reference}");
        yield return BarResult.AtLeast($"letter: accuracy, epochs = {QuickEpochs}", quick.Accuracies.Average(), 0.966, $"{Seeds} seeds; {reference}");
        yield return BarResult.AtMost("letter: ECE % with temperature scaling", CalibratedError(context, letters), 1.5, $"{Seeds} seeds");
    }

    private static SquentropyClassifier Squentropy(MLContext context, int seed, int? epochs = null)
    {
        var options = new SquentropyOptions { Seed = seed };
        options.Training.Epochs = epochs ?? options.Training.Epochs;
        return context.MulticlassClassification.Trainers.Squentropy(options);
    }

    private static double CalibratedError(MLContext context, Table letters) => Enumerable.Range(1, Seeds).Average(seed =>
    {
        var options = new SquentropyOptions { Seed = seed, TemperatureScaling = true };
        using SquentropyTransformer model = context.MulticlassClassification.Trainers.Squentropy(options).Fit(letters.Train);
        return 100 * context.MulticlassClassification.EvaluateCalibration(model.Transform(letters.Test)).ExpectedCalibrationError;
    });

    /// <summary>A trainer and what was measured of it.</summary>
    private sealed class Contestant(Func<int, IEstimator<ITransformer>> create)
    {
        public List<double> FitTimes { get; } = [];

        public List<double> ScoreTimes { get; } = [];

        public List<double> Accuracies { get; } = [];

        public void WarmUp(MLContext context, Table table)
        {
            Run(context, table, seed: 0);
            FitTimes.Clear();
            ScoreTimes.Clear();
            Accuracies.Clear();
        }

        public void Run(MLContext context, Table table, int seed)
        {
            ITransformer? model = null;
            FitTimes.Add(Statistics.Milliseconds(() => model = create(seed).Fit(table.Train)));
            ScoreTimes.Add(Statistics.Median(
                Enumerable.Range(0, ScoringRepeats).Select(_ => Statistics.Milliseconds(() => Scoring.ReadAll(model!, table.Test))).ToArray()));
            MulticlassClassificationMetrics metrics = context.MulticlassClassification.Evaluate(model!.Transform(table.Test));
            Accuracies.Add(metrics.MicroAccuracy);
            (model as IDisposable)?.Dispose();
        }
    }
}
