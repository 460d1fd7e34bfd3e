using MLNetExt.Classification;

namespace MLNetExt.Cli.Models;

/// <summary>What a classifier of texts has learned.</summary>
/// <param name="Classes">The classes by name; empty when they have none.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="Width">The size of a text's vector.</param>
/// <param name="Context">The most tokens that it reads.</param>
/// <param name="Vocabulary">The number of tokens that it knows.</param>
/// <param name="Weights">The number of weights, the encoder's among them.</param>
/// <param name="Temperature">What logits are divided by before the softmax.</param>
internal sealed record TextClassifierSummary(IReadOnlyList<string> Classes, int ClassCount, int Width, int Context, int Vocabulary, long Weights, double Temperature)
{
    public static TextClassifierSummary Of(TextEncoderClassifierTransformer model) => new(
        model.Labels?.Texts ?? [], model.ClassCount, model.Width, model.ContextLength, model.VocabularySize, model.WeightCount, model.Temperature);
}
