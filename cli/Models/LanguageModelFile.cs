using Microsoft.ML;
using MLNetExt.Cli.Output;
using MLNetExt.LanguageModeling;
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
    /// <exception cref="UserErrorException">It has none.</exception>
    public BytePairTokenizer Tokenizer => Model.Tokenizer ?? throw new UserErrorException(
        $"'{Path}' has no tokenizer that can be read, and so reads no text: a model directory needs the tokenizer.json of a byte-level BPE.");

    /// <summary>Makes sure that the model reads and writes text.</summary>
    /// <inheritdoc cref="Tokenizer" path="/exception"/>
    public void RequireTokenizer() => _ = Tokenizer;

    /// <exception cref="UserErrorException">There is no such file or directory, it cannot be read, or it is a model of another kind.</exception>
    public static LanguageModelFile Load(MLContext ml, string path)
    {
        if (Directory.Exists(path))
        {
            CausalLanguageModelTransformer alone = LoadDirectory(ml, path);
            return new LanguageModelFile(path, alone, alone);
        }

        (ITransformer model, _) = ModelFile.Load(ml, path);
        if (ModelParts.Of(model).Select(ModelParts.LanguageModelOf).FirstOrDefault(part => part is not null) is { } found)
            return new LanguageModelFile(path, found, model as IDisposable ?? found);
        (model as IDisposable)?.Dispose();
        throw new UserErrorException($"'{path}' is no language model: make one with 'mlnetext train lm', or name a Hugging Face model directory.");
    }

    public void Dispose() => _whole.Dispose();

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
