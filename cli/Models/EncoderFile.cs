using Microsoft.ML;
using MLNetExt.Cli.Output;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>A saved encoder: a model file, whichever program saved it, or a Hugging Face model directory. Owns it.</summary>
internal sealed class EncoderFile : IDisposable
{
    private readonly IDisposable _whole;

    private EncoderFile(string path, MaskedLanguageModelTransformer model, IDisposable whole) => (Path, Model, _whole) = (path, model, whole);

    public string Path { get; }

    public MaskedLanguageModelTransformer Model { get; }

    /// <summary>The encoder's tokenizer, which cuts texts where the encoder ends.</summary>
    /// <exception cref="UserErrorException">It has none, or one of another kind.</exception>
    public WordPieceTokenizer Tokenizer => Model.Tokenizer switch
    {
        WordPieceTokenizer pieces => pieces.MaxTokens <= Model.ContextLength ? pieces : pieces.WithMaxTokens(Model.ContextLength),
        null => throw new UserErrorException($"'{Path}' has no tokenizer that can be read: a model directory needs a tokenizer.json or a vocab.txt of word pieces, and what is wrong with one that is there was warned of."),
        _ => throw new UserErrorException($"'{Path}' reads byte pairs, and word pieces are made here: go on with it in a program."),
    };

    /// <summary>Whether a path is a Hugging Face directory of an encoder.</summary>
    public static bool IsDirectory(string path) => Directory.Exists(path) && Guard(() => ModelDirectory.IsOf(path, ModelFamilies.Encoders));

    /// <exception cref="UserErrorException">There is no such file or directory, it cannot be read, or it is a model of another kind.</exception>
    public static EncoderFile Load(MLContext ml, string path)
    {
        if (Directory.Exists(path))
        {
            MaskedLanguageModelTransformer alone = Guard(() => ml.LanguageModeling.LoadHuggingFaceEncoder(path));
            return new EncoderFile(path, alone, alone);
        }

        (ITransformer model, _) = ModelFile.Load(ml, path);
        if (ModelParts.Of(model).OfType<MaskedLanguageModelTransformer>().FirstOrDefault() is { } encoder)
            return new EncoderFile(path, encoder, model as IDisposable ?? encoder);
        (model as IDisposable)?.Dispose();
        throw new UserErrorException($"'{path}' is no encoder: make one with 'mlnetext train encoder', or name a Hugging Face model directory.");
    }

    /// <summary>Makes sure that the encoder reads as many tokens as the user wants.</summary>
    /// <exception cref="UserErrorException">It reads fewer.</exception>
    public void RequireContext(int? context)
    {
        if (context > Model.ContextLength)
            throw new UserErrorException($"--context {context}: '{Path}' reads at most {Model.ContextLength} tokens.");
    }

    public void Dispose() => _whole.Dispose();

    private static T Guard<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            throw new UserErrorException(OptionNames.Translate(e.Message.ReplaceLineEndings(" ")));
        }
    }
}
