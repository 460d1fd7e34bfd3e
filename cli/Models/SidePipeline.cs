using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Models;

/// <summary>From the columns of one side of the pairs to the one column that its tower reads; a part of the saved model.</summary>
internal sealed class SidePipeline
{
    private const string Joined = "(one, more) => concat(one, len(one) > 0 && len(more) > 0 ? \", \" : \"\", more)";

    private SidePipeline(string output, string? text, IEstimator<ITransformer> estimator) => (Output, Text, Estimator) = (output, text, estimator);

    /// <summary>The column that the tower reads.</summary>
    public string Output { get; }

    /// <summary>A text column by which equal rows of the side are known; null for vectors.</summary>
    public string? Text { get; }

    public IEstimator<ITransformer> Estimator { get; }

    /// <param name="ml">The context.</param>
    /// <param name="side">The columns.</param>
    /// <param name="imageSize">The height and width that images are brought to, in pixels.</param>
    /// <param name="vocabulary">How many different tokens text is cut into, at most.</param>
    public static SidePipeline Create(MLContext ml, PairSide side, int imageSize, int vocabulary)
    {
        // The names stand in the trainer's messages.
        string features = $"{side.Name} features", image = $"{side.Name} image", tokens = $"{side.Name} tokens";
        string first = side.Plan.Features[0].Name;
        if (side.Kind == SideKind.Vector)
            return new(features, null, FeaturePipeline.Create(ml, side.Plan, features));
        if (side.Kind == SideKind.Image)
            return new(image, first, ml.Transforms.LoadImages(image, imageFolder: null, first).Append(ml.Transforms.ResizeImages(image, imageSize, imageSize)));

        (string text, EstimatorChain<ITransformer> join) = Join(ml, side);
        return side.Kind == SideKind.TextBag
            ? new(text, text, join)
            : new(tokens, text, join.Append<ITransformer>(ml.Transforms.Text.TokenizeBytePairs(tokens, text, vocabulary)));
    }

    /// <summary>Joins texts with commas; empty ones leave none behind.</summary>
    private static (string Text, EstimatorChain<ITransformer> Join) Join(MLContext ml, PairSide side)
    {
        string text = side.Plan.Features[0].Name, joined = $"{side.Name} text";
        var chain = new EstimatorChain<ITransformer>();
        foreach (FeatureColumn column in side.Plan.Features.Skip(1))
        {
            chain = chain.Append<ITransformer>(ml.Transforms.Expression(joined, Joined, text, column.Name));
            text = joined;
        }

        return (text, chain);
    }
}
