using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;

namespace MLNetExt.Benchmarks;

/// <summary>banking77, 77 intents of customers' questions, from text: ML.NET's FeaturizeText with its default options, then a
/// linear squentropy classifier over its sparse features. Runs in child processes.</summary>
internal static class Banking
{
    private const int IdleRows = 200;

    public static IEnumerable<BarResult> Measure()
    {
        if (Repository.SharedData("banking77") is null)
        {
            Console.WriteLine("banking77: not measured, ../shared/data/banking77 is not there (docs/testing.md)");
            yield break;
        }

        double[] accuracies = [.. Enumerable.Range(1, 3).Select(seed => double.Parse(ChildRun.Output($"banking-{seed}"), CultureInfo.InvariantCulture))];
        yield return BarResult.AtLeast("banking77: accuracy, linear, sparse", accuracies.Average(), 0.88, $"{accuracies.Length} seeds");
        double idle = ChildRun.PeakMebibytes("banking-idle"), peak = ChildRun.PeakMebibytes("banking");
        yield return BarResult.AtMost(
            "banking77: peak MiB above idle", peak - idle, 1024, FormattableString.Invariant($"{peak:0} MiB against {idle:0} MiB"));
    }

    /// <summary>The verbs of the child processes: one seed's accuracy, or the peak memory.</summary>
    public static string Run(string verb)
    {
        switch (verb)
        {
            case "banking-idle":
                Accuracy(seed: 1, IdleRows);
                return ChildRun.Peak();
            case "banking":
                Accuracy(seed: 1, rows: null);
                return ChildRun.Peak();
            default:
                int seed = int.Parse(verb.AsSpan("banking-".Length), CultureInfo.InvariantCulture);
                return Accuracy(seed, rows: null).ToString("R", CultureInfo.InvariantCulture);
        }
    }

    private static double Accuracy(int seed, int? rows)
    {
        var context = new MLContext(seed);
        IDataView train = Read(context, "train.csv"), test = Read(context, "test.csv");
        if (rows is { } count)
            (train, test) = (context.Data.TakeRows(train, count), context.Data.TakeRows(test, count));
        var options = new SquentropyOptions { HiddenLayers = 0, Seed = seed };
        using var model = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.Transforms.Text.FeaturizeText("Features", "Text"))
            .Append(context.MulticlassClassification.Trainers.Squentropy(options))
            .Fit(train);
        return context.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
    }

    private static IDataView Read(MLContext context, string fileName) => context.Data.LoadFromTextFile(
        Path.Combine(Repository.SharedData("banking77")!, fileName),
        new TextLoader.Options
        {
            Columns = [new("Text", DataKind.String, 0), new("Label", DataKind.String, 1)],
            HasHeader = true,
            Separators = [','],
            AllowQuoting = true,
            ReadMultilines = true,
        });
}
