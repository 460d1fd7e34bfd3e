using Microsoft.ML;
using MLNetExt.Chunking;
using MLNetExt.Cli.Output;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>A saved language model: a model file, whichever program saved it, or a Hugging Face model directory. Owns it.</summary>
internal sealed class LanguageModelFile : IDisposable
{
    private readonly IDisposable _whole;

    private LanguageModelFile(string path, CausalLanguageModelTransformer model, IDisposable whole) => (Path, Model, _whole) = (path, model, whole);

    public string Path { get; }

    public CausalLanguageModelTransformer Model { get; }

    /// <summary>The model's tokenizer.</summary>
    /// <exception cref="UserErrorException">It has none that can be read.</exception>
    public BytePairTokenizer Tokenizer => Model.Tokenizer ?? throw new UserErrorException(WhyNoTokenizer());

    /// <summary>Makes sure that the model reads and writes text.</summary>
    /// <inheritdoc cref="Tokenizer" path="/exception"/>
    public void RequireTokenizer() => _ = Tokenizer;

    /// <exception cref="UserErrorException">There is no such file or directory, it cannot be read, it is a model of another kind, or one that changes its texts
    /// before they are tokenized: whoever asks the language model alone would give it others than it was trained on.</exception>
    public static LanguageModelFile Load(MLContext ml, string path)
    {
        if (Directory.Exists(path))
        {
            CausalLanguageModelTransformer alone = LoadDirectory(ml, path);
            return new LanguageModelFile(path, alone, alone);
        }

        (ITransformer model, _) = ModelFile.Load(ml, path);
        CausalLanguageModelTransformer? found = ModelParts.Of(model).Select(ModelParts.LanguageModelOf).FirstOrDefault(part => part is not null);
        string[] before = [.. ModelParts.Of(model).TakeWhile(part => !KnowsTokens(part)).Select(part => part.GetType().Name)];
        if (found is not null && before.Length == 0)
            return new LanguageModelFile(path, found, model as IDisposable ?? found);
        (model as IDisposable)?.Dispose();
        throw new UserErrorException(found is null
            ? $"'{path}' is no language model: make one with 'mlnetext train lm', or name a Hugging Face model directory."
            : $"'{path}' does something with its rows before they are tokenized ({string.Join(", ", before)}), which is not done here: save a pipeline that begins with TokenizeBytePairs, and give it texts that are ready.");
    }

    public void Dispose() => _whole.Dispose();

    private string WhyNoTokenizer()
    {
        try
        {
            if (Directory.Exists(Path))
                HuggingFaceTokenizers.OfDecoder(ModelDirectory.Open(Path, ModelFamilies.Decoders));
            return $"'{Path}' has no tokenizer, and so reads no text: a model directory needs a tokenizer.json.";
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private static bool KnowsTokens(ITransformer part) =>
        part is BytePairTransformer or GoldfishMaskTransformer or ChunkTokensTransformer || ModelParts.LanguageModelOf(part) is not null;

    private static CausalLanguageModelTransformer LoadDirectory(MLContext ml, string path)
    {
        try
        {
            return ml.LanguageModeling.LoadHuggingFace(path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            throw new UserErrorException(OptionNames.Translate(e.Message.ReplaceLineEndings(" ")));
        }
    }
}
