using Microsoft.ML;
using MLNetExt.Classification;

namespace MLNetExt.Benchmarks;

/// <summary>digits8x8, 1,437 rows to learn from and 360 to test, default options.</summary>
internal static class DigitsBars
{
    private const int Seeds = 5;

    public static IEnumerable<BarResult> Measure()
    {
        var context = new MLContext(0);
        Table digits = Table.Read(context, "digits8x8.csv");
        double accuracy = Enumerable.Range(1, Seeds).Average(seed =>
        {
            using SquentropyTransformer model = context.MulticlassClassification.Trainers.Squentropy(new SquentropyOptions { Seed = seed }).Fit(digits.Train);
            return context.MulticlassClassification.Evaluate(model.Transform(digits.Test)).MicroAccuracy;
        });
        yield return BarResult.AtLeast("digits8x8: accuracy, default options", accuracy, 0.970, $"{Seeds} seeds");
    }
}
