using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Models;

/// <summary>What an encoder is.</summary>
/// <param name="Family">"bert" or "pre-norm".</param>
/// <param name="HasLocalStem">Whether tokens first receive their neighbours.</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="Width">The size of a token's vector, and of an embedding.</param>
/// <param name="Context">The most tokens that it reads.</param>
/// <param name="Vocabulary">The number of tokens that it knows.</param>
/// <param name="Weights">The number of weights; tied ones count once.</param>
/// <param name="HasTokenizer">Whether it reads text.</param>
internal sealed record EncoderSummary(string Family, bool HasLocalStem, int Layers, int Width, int Context, int Vocabulary, long Weights, bool HasTokenizer)
{
    public static EncoderSummary Of(MaskedLanguageModelTransformer model) => new(
        model.Family == EncoderFamily.Bert ? "bert" : "pre-norm", model.HasLocalStem, model.Layers, model.Width, model.ContextLength, model.VocabularySize, model.WeightCount, model.Tokenizer is not null);
}
