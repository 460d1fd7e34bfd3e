using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Models;

/// <summary>What a language model is.</summary>
/// <param name="Family">"llama" or "gpt2".</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="Width">The size of a token's vector.</param>
/// <param name="Context">The most tokens that it reads at once.</param>
/// <param name="Vocabulary">The number of tokens that it knows.</param>
/// <param name="Weights">The number of weights; tied ones count once.</param>
/// <param name="HasTokenizer">Whether it reads and writes text.</param>
internal sealed record LanguageModelSummary(string Family, int Layers, int Width, int Context, int Vocabulary, long Weights, bool HasTokenizer)
{
    public static LanguageModelSummary Of(CausalLanguageModelTransformer model) => new(
        model.Family.ToString().ToLowerInvariant(), model.Layers, model.Width, model.ContextLength, model.VocabularySize, model.WeightCount, model.Tokenizer is not null);
}
