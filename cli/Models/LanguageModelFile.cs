using Microsoft.ML;
using MLNetExt.Chunking;
using MLNetExt.Cli.Output;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>A saved language model: a model file, whichever program saved it, or a Hugging Face model directory. Owns it.</summary>
internal sealed class LanguageModelFile : IDisposable
{
    private const string TokensColumn = "Tokens";

    private readonly IDisposable _whole;
    private readonly string? _whyNoTokenizer;

    private LanguageModelFile(string path, CausalLanguageModelTransformer model, IDisposable whole, string? whyNoTokenizer = null) =>
        (Path, Model, _whole, _whyNoTokenizer) = (path, model, whole, whyNoTokenizer);

    public string Path { get; }

    public CausalLanguageModelTransformer Model { get; }

    /// <summary>The model's tokenizer.</summary>
    /// <exception cref="UserErrorException">It has none that can be read.</exception>
    public BytePairTokenizer Tokenizer => Model.Tokenizer ?? throw new UserErrorException(
        _whyNoTokenizer ?? $"'{Path}' has no tokenizer, and so reads no text: a model directory needs a tokenizer.json.");

    /// <summary>Makes sure that the model reads and writes text.</summary>
    /// <inheritdoc cref="Tokenizer" path="/exception"/>
    public void RequireTokenizer() => _ = Tokenizer;

    /// <exception cref="UserErrorException">There is no such file or directory, it cannot be read, it is a model of another kind, or one that changes its texts
    /// before they are tokenized: whoever asks the language model alone would give it others than it was trained on.</exception>
    public static LanguageModelFile Load(MLContext ml, string path)
    {
        if (Directory.Exists(path))
            return LoadDirectory(path);
        (ITransformer model, _) = ModelFile.Load(ml, path);
        CausalLanguageModelTransformer? found = ModelParts.Of(model).OfType<CausalLanguageModelTransformer>().FirstOrDefault();
        string[] before = [.. ModelParts.Of(model).TakeWhile(part => !KnowsTokens(part)).Select(part => part.GetType().Name)];
        if (found is not null && before.Length == 0)
            return new LanguageModelFile(path, found, model as IDisposable ?? found);
        (model as IDisposable)?.Dispose();
        throw new UserErrorException(found is null
            ? $"'{path}' is no language model: make one with 'mlnetext train lm', or name a Hugging Face model directory."
            : $"'{path}' does something with its rows before they are tokenized ({string.Join(", ", before)}), which is not done here: save a pipeline that begins with TokenizeBytePairs, and give it texts that are ready.");
    }

    public void Dispose() => _whole.Dispose();

    private static bool KnowsTokens(ITransformer part) =>
        part is BytePairTransformer or GoldfishMaskTransformer or ChunkTokensTransformer or CausalLanguageModelTransformer;

    private static LanguageModelFile LoadDirectory(string path)
    {
        try
        {
            string? whyNoTokenizer = null;
            CausalLanguageModelTransformer model = HuggingFaceModels.Load(path, TokensColumn, reason => whyNoTokenizer = reason);
            return new LanguageModelFile(path, model, model, whyNoTokenizer);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            throw new UserErrorException(OptionNames.Translate(e.Message.ReplaceLineEndings(" ")));
        }
    }
}
