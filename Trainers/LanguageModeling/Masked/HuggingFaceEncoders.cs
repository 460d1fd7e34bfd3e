using MLNetExt.Networks;
using MLNetExt.Tokenization;
using MLNetExt.Torch;
using TorchSharp;

namespace MLNetExt.LanguageModeling;

/// <summary>Encoders from and to Hugging Face's model directories.</summary>
internal static class HuggingFaceEncoders
{
    private const string ReadsIds = "The model reads token ids, and no text: they must be of the tokenizer that it was trained with, or its vectors mean nothing.";
    private static readonly int s_scoringBlockSize = new MaskedLanguageModelOptions().ScoringBlockSize;

    /// <summary>Reads a directory, offline.</summary>
    /// <param name="path">The directory, with config.json, model.safetensors or its shards, and perhaps tokenizer.json or vocab.txt.</param>
    /// <param name="tokensColumnName">The column that the model reads.</param>
    /// <param name="tokenTypesColumnName">The column of the tokens' kinds; null when all are 0.</param>
    /// <param name="pooling">How the tokens' vectors become one.</param>
    /// <param name="maxTokens">The most tokens of a text; null for what the tokenizer says.</param>
    /// <param name="warn">Told when there is no tokenizer that can be read, or no head.</param>
    public static MaskedLanguageModelTransformer Load(
        string path, string tokensColumnName, string? tokenTypesColumnName, EncoderPooling pooling, int? maxTokens, Action<string> warn)
    {
        LibTorch.EnsureLoaded();
        ModelDirectory<EncoderOptions, EncoderNetwork> directory = ModelDirectory.Open(path, ModelFamilies.Encoders);
        if (maxTokens > directory.Options.ContextLength)
            throw new ArgumentOutOfRangeException(nameof(maxTokens), maxTokens, $"The encoder of '{path}' reads at most {directory.Options.ContextLength} tokens.");
        TextTokenizer? tokenizer = null;
        try
        {
            tokenizer = HuggingFaceTokenizers.OfEncoder(directory);
            if (tokenizer is null)
                warn($"'{path}' has no tokenizer.json and no vocab.txt. {ReadsIds}");
        }
        catch (InvalidDataException e)
        {
            warn($"{e.Message} {ReadsIds}");
        }

        if (maxTokens is not null)
            tokenizer = tokenizer?.WithMaxTokens(maxTokens) ?? throw new ArgumentException($"'{path}' has no tokenizer that can be used, and so none that cuts texts.", nameof(maxTokens));
        using var generator = new torch.Generator(0);
        EncoderNetwork network = directory.Load(generator, out IReadOnlyList<string> absent);
        if (absent.Count > 0)
            warn($"'{path}' has no weights {string.Join(", ", absent.Select(part => part + '*'))}, which begin anew: train the model before it predicts masked tokens. Embeddings do not need them.");
        return new MaskedLanguageModelTransformer(new EncoderModel(
            new EncoderState(directory.Options, tokensColumnName, tokenTypesColumnName, tokenizer?.ColumnInfo, pooling, s_scoringBlockSize), network, importance: null));
    }

    public static void Save(EncoderModel model, string path) => ModelDirectoryWriter.Write(path, model.Network, ModelFamilies.Encoders, new ModelSaveOptions
    {
        Tokenizer = model.State.Tokens is { } tokens ? HuggingFaceTokenizers.FilesOf(tokens, model.Network.Options.ContextLength) : new Dictionary<string, string>(),
        PadId = model.State.Columns().PadId,
    });
}
