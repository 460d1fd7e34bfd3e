using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Tokenization;
using TorchSharp;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>A small language model over letters, fitted in a moment.</summary>
internal static class TinyModel
{
    public const int ContextLength = 32;

    /// <summary>A model that has learned to count letters on: a text goes on with the third letter after its last.</summary>
    public static CausalLanguageModelTransformer Fit(DecoderFamily family = DecoderFamily.Llama, int epochs = 12, Action<CausalLanguageModelOptions>? change = null, IDataView? data = null)
    {
        torch.set_num_threads(1);
        var ml = new MLContext(seed: 1);
        var options = new CausalLanguageModelOptions
        {
            BatchSize = 16,
            Seed = 3,
            Network = { Family = family, ContextLength = ContextLength, Width = 32, Layers = 2, Heads = 2 },
            Training = { Epochs = epochs, LearningRate = 0.01 },
        };
        change?.Invoke(options);
        return ml.LanguageModeling.Trainers.Causal(options).Fit(data ?? Tokenized(ml));
    }

    /// <summary>Texts of letters, one token each.</summary>
    public static IDataView Tokenized(MLContext ml) => Tokenizer(ml).Transform(ml.Data.LoadFromEnumerable(SentenceRow.Many(160)));

    public static BytePairTransformer Tokenizer(MLContext ml) =>
        ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261).Fit(ml.Data.LoadFromEnumerable(SentenceRow.Many(160)));

    public static int[] Encode(this CausalLanguageModelTransformer model, string text)
    {
        BytePairTokenizer tokenizer = model.Tokenizer!;
        return tokenizer.Encode(text);
    }
}
