using Microsoft.ML;
using MLNetExt.Classification;

namespace MLNetExt.Benchmarks;

/// <summary>The letter model, scored in blocks of 256 rows against one row at a time. How well it is trained does not matter.</summary>
internal static class ScoringRatios
{
    public static RatioBar Bar()
    {
        var context = new MLContext(0);
        Table letters = Table.Read(context, "letter.csv");
        ITransformer blocks = Fit(context, letters, blockSize: 256), single = Fit(context, letters, blockSize: 1);
        return new(
            "letter: scoring, blocks of 256 rows / single rows",
            () => Scoring.ReadAll(blocks, letters.Test), () => Scoring.ReadAll(single, letters.Test), 0.1);
    }

    private static SquentropyTransformer Fit(MLContext context, Table letters, int blockSize)
    {
        var options = new SquentropyOptions { ScoringBlockSize = blockSize, Seed = 1 };
        options.Training.Epochs = 1;
        return context.MulticlassClassification.Trainers.Squentropy(options).Fit(letters.Train);
    }
}
