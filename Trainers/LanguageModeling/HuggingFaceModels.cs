using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Torch;
using TorchSharp;

namespace MLNetExt.LanguageModeling;

/// <summary>Causal language models from and to Hugging Face's model directories.</summary>
internal static class HuggingFaceModels
{
    private const string BeginRole = "bos";

    /// <summary>Reads a directory, offline.</summary>
    /// <param name="path">The directory, with config.json, model.safetensors or its shards, and perhaps tokenizer.json.</param>
    /// <param name="tokensColumnName">The column that the model scores.</param>
    /// <param name="warn">Told when there is a tokenizer that cannot be read, or an end token that cannot come.</param>
    public static CausalLanguageModelTransformer Load(string path, string tokensColumnName, Action<string> warn)
    {
        LibTorch.EnsureLoaded();
        ModelDirectory<DecoderOptions, DecoderNetwork> directory = ModelDirectory.Open(path, ModelFamilies.Decoders);
        TokenColumnInfo? tokens = null;
        try
        {
            tokens = HuggingFaceTokenizers.OfDecoder(directory)?.ColumnInfo;
        }
        catch (InvalidDataException e)
        {
            warn($"{e.Message} The model reads and writes token ids, and no text.");
        }

        using var generator = new torch.Generator(0);
        DecoderNetwork network = directory.Load(generator);
        var state = new CausalState(directory.Options, tokensColumnName, tokens, EndIds(directory, warn), ScoringBlockSize: 16, Adapters: null);
        return new CausalLanguageModelTransformer(new CausalModel(state, network));
    }

    public static void Save(CausalModel model, string path) => ModelDirectoryWriter.Write(path, model.Network, ModelFamilies.Decoders, new ModelSaveOptions
    {
        Tokenizer = model.State.Tokens is { } tokens ? HuggingFaceTokenizers.FilesOf(tokens, model.Network.Options.ContextLength) : new Dictionary<string, string>(),
        BeginId = model.State.Tokens?.SpecialTokens is { } special && special.TryGetValue(BeginRole, out int id) ? id : null,
        EndIds = model.State.EndIds,
    });

    private static int[] EndIds(ModelDirectory<DecoderOptions, DecoderNetwork> directory, Action<string> warn)
    {
        int vocabulary = directory.Options.VocabularySize;
        int[] unknown = [.. directory.EndIds.Where(id => id < 0 || id >= vocabulary)];
        if (unknown.Length > 0)
            warn($"'{Path.Combine(directory.Path, ModelFiles.Config)}' sets 'eos_token_id' to {string.Join(", ", unknown)}, which is not among the {vocabulary} tokens that the model knows: no text ends with it.");
        return [.. directory.EndIds.Except(unknown)];
    }
}
