using System.Diagnostics;
using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.Evaluation;

namespace MLNetExt.Benchmarks;

/// <summary>An image tower and a text tower learn which caption belongs to which picture; categories are then told by their names.</summary>
/// <remarks>Epochs, rate, batch size, widths, the keywords as captions of their own and prompts in the singular were chosen on the validation part.</remarks>
internal sealed record ClipartRecipe(int Epochs = 40)
{
    public ClipartResult Run(MLContext context, ClipartData data, int seed)
    {
        var options = new SigmoidContrastiveOptions
        {
            LeftColumnName = "Image",
            RightColumnName = nameof(Clipart.Caption),
            EmbeddingSize = 128,
            Left = { Width = 16, FlipImages = true, ShiftPixels = 4 },
            BatchSize = 64,
            Seed = seed,
        };
        (options.Training.Epochs, options.Training.LearningRate) = (Epochs, 2e-3);
        var watch = Stopwatch.StartNew();
        using ContrastiveTransformer model = context.Contrastive.Trainers.Sigmoid(options).Fit(data.Train);
        double seconds = watch.Elapsed.TotalSeconds;
        RetrievalMetrics retrieval = context.Contrastive.EvaluateRetrieval(model.Transform(data.Test));
        IDataView prompts = context.Data.LoadFromEnumerable(data.Categories.Select(ClipartPrompt.Of));
        using ZeroShotTransformer classifier = context.Contrastive.ZeroShotClassifier(model, prompts).Fit(data.Test);
        double accuracy = context.MulticlassClassification.Evaluate(classifier.Transform(data.Test)).MicroAccuracy;
        return new ClipartResult(
            100 * retrieval.RecallAt[1], 100 * retrieval.RecallAt[5], 100 * retrieval.RecallAt[10], retrieval.MedianRank, 100 * accuracy, seconds);
    }
}
