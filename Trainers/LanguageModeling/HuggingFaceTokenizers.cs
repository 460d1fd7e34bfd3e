using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Tokenization;

namespace MLNetExt.LanguageModeling;

/// <summary>The tokenizers in Hugging Face's model directories.</summary>
internal static class HuggingFaceTokenizers
{
    private const string Lowercase = "do_lower_case", StripAccents = "strip_accents", Ideographs = "tokenize_chinese_chars", Words = "do_basic_tokenize";
    private const string EndOfText = "<|endoftext|>";

    /// <summary>The special tokens that Hugging Face's program knows by role.</summary>
    private static readonly string[] s_roles = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"];

    private static readonly JsonSerializerOptions s_asWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A decoder's tokenizer.</summary>
    /// <returns>Null when the directory has none.</returns>
    /// <exception cref="InvalidDataException">It cannot be used; says why.</exception>
    public static BytePairTokenizer? OfDecoder(ModelDirectory<DecoderOptions, DecoderNetwork> directory) =>
        directory.Find(ModelFiles.Tokenizer) is { } json ? Usable(json, directory.Options.VocabularySize, () => BytePairTokenizer.FromJson(File.ReadAllText(json))) : null;

    /// <summary>An encoder's tokenizer: that of tokenizer.json, or where there is none the word pieces of vocab.txt.</summary>
    /// <inheritdoc cref="OfDecoder" path="/returns"/>
    /// <inheritdoc cref="OfDecoder" path="/exception"/>
    public static TextTokenizer? OfEncoder(ModelDirectory<EncoderOptions, EncoderNetwork> directory)
    {
        int size = directory.Options.VocabularySize;
        if (directory.Find(ModelFiles.Tokenizer) is { } json)
            return Usable(json, size, () => TextTokenizer.FromJson(File.ReadAllText(json)));
        return directory.Find(ModelFiles.Vocabulary) is { } vocabulary ? Usable(vocabulary, size, () => OfWordPieces(vocabulary, directory.Find(ModelFiles.TokenizerConfig))) : null;
    }

    /// <summary>The files to write for a model's tokenizer, each the text by its name.</summary>
    /// <remarks>Hugging Face's own program takes the class that is usual for the kind of model, with that one's special tokens and in lower case, unless tokenizer_config.json says otherwise,
    /// whatever tokenizer.json says.</remarks>
    /// <param name="tokens">The tokenizer.</param>
    /// <param name="contextLength">The most tokens that the model reads.</param>
    public static IReadOnlyDictionary<string, string> FilesOf(TokenColumnInfo tokens, int contextLength)
    {
        var files = new Dictionary<string, string> { [ModelFiles.Tokenizer] = tokens.TokenizerJson };
        if (Read(tokens) is not { } tokenizer)
            return files;
        var config = new JsonObject { ["model_max_length"] = contextLength };
        foreach (string role in s_roles)
        {
            if (TokenOf(tokenizer, role) is { } token)
                config[role + "_token"] = token;
        }

        if (tokenizer is WordPieceTokenizer pieces)
        {
            config["tokenizer_class"] = "BertTokenizer";
            config[Lowercase] = pieces.Lowercase;
            config[StripAccents] = pieces.StripAccents;
            config[Ideographs] = true;
            files[ModelFiles.Vocabulary] = string.Concat(Enumerable.Range(0, pieces.VocabularySize).Select(id => pieces.TokenText(id) + '\n'));
        }
        else
        {
            config["tokenizer_class"] = "PreTrainedTokenizerFast";
        }

        files[ModelFiles.TokenizerConfig] = config.ToJsonString(s_asWritten);
        return files;
    }

    /// <summary>Null for a tokenizer of another program, of which nothing but its JSON is known.</summary>
    private static TextTokenizer? Read(TokenColumnInfo tokens)
    {
        try
        {
            return TextTokenizer.FromJson(tokens.TokenizerJson);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>How the token of a role is written; null when there is none. GPT-2 has one token for three roles.</summary>
    private static string? TokenOf(TextTokenizer tokenizer, string role)
    {
        if (tokenizer.SpecialTokens.TryGetValue(role, out int id))
            return tokenizer.TokenText(id);
        return role is "bos" or "unk" && tokenizer.SpecialTokens.TryGetValue("eos", out int end) && tokenizer.TokenText(end) == EndOfText ? EndOfText : null;
    }

    private static WordPieceTokenizer OfWordPieces(string vocabulary, string? settings)
    {
        if (settings is null)
            return WordPieceTokenizer.FromVocabulary(vocabulary);
        ModelConfig config = ModelConfig.Read(settings);
        config.Only(Words, true);
        config.Only(Ideographs, true);
        bool lowercase = config.Flag(Lowercase, true);
        return WordPieceTokenizer.FromVocabulary(vocabulary, lowercase, config.Flag(StripAccents, lowercase));
    }

    /// <summary>Says which file an error is about.</summary>
    private static T Usable<T>(string file, int vocabularySize, Func<T> read)
        where T : TextTokenizer
    {
        try
        {
            T tokenizer = read();
            return tokenizer.VocabularySize <= vocabularySize
                ? tokenizer
                : throw new InvalidDataException($"it has {tokenizer.VocabularySize} tokens, but the model knows {vocabularySize}.");
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            throw new InvalidDataException($"'{file}' cannot be used: {e.Message}", e);
        }
    }
}
