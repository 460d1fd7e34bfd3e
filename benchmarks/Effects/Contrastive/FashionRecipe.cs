using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Contrastive;

namespace MLNetExt.Benchmarks;

/// <summary>An image tower and a text tower learn which caption belongs to which piece of clothing; the classes are then told by prompts.</summary>
/// <remarks>Epochs, rate, batch size and shift were chosen on the validation part.</remarks>
/// <param name="Matching">Whether images with the same caption match it too.</param>
internal sealed record FashionRecipe(PairMatching Matching)
{
    private const int Epochs = 25;

    /// <summary>The seconds that the fit of a seed may take on two idle cores.</summary>
    public const int SecondsAllowed = 300;

    /// <summary>The zero-shot accuracy on the test part in per cent, and the seconds that the fit took.</summary>
    public (double Accuracy, double Seconds) Run(MLContext context, FashionData data, int seed)
    {
        var options = new SigmoidContrastiveOptions
        {
            LeftColumnName = nameof(CaptionedImage.Image),
            RightColumnName = "Tokens",
            EmbeddingSize = 64,
            Left = { FlipImages = true, ShiftPixels = 1 },
            Right = { Width = 64, Depth = 1, MaxTokens = 16 },
            Matching = Matching,
            BatchSize = 64,
            Seed = seed,
        };
        (options.Training.Epochs, options.Training.LearningRate) = (Epochs, 2e-3);
        var watch = Stopwatch.StartNew();
        using TransformerChain<ContrastiveTransformer> model = context.Transforms.Text
            .TokenizeBytePairs("Tokens", nameof(CaptionedImage.Caption), vocabularySize: 300)
            .Append(context.Contrastive.Trainers.Sigmoid(options)).Fit(data.Train);
        double seconds = watch.Elapsed.TotalSeconds;
        using ZeroShotTransformer classifier = context.Contrastive
            .ZeroShotClassifier(model.LastTransformer, data.Classes, [FashionData.Prompt]).Fit(data.Test);
        return (100 * context.MulticlassClassification.Evaluate(classifier.Transform(data.Test)).MicroAccuracy, seconds);
    }
}
