using static MLNetExt.Tokenization.TokenizerOptionsCheck;

namespace MLNetExt.Tokenization;

/// <summary>Checks of <see cref="WordPieceOptions"/>; the message names the option and what it may be.</summary>
internal static class WordPieceOptionsCheck
{
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public static void Validate(this WordPieceOptions options)
    {
        RequireColumn(options.OutputColumnName, nameof(options.OutputColumnName));
        RequireColumn(options.InputColumn, nameof(options.InputColumnName));
        ValidatePair(options);
        int smallest = WordPieceModel.Roles.Count + 1;
        Require(
            options.VocabularySize >= smallest && options.VocabularySize <= MaxVocabularySize, nameof(options.VocabularySize), options.VocabularySize,
            $"from {smallest} (the special tokens and a character) to {MaxVocabularySize}");
        Require(options.MinFrequency >= 1, nameof(options.MinFrequency), options.MinFrequency, "at least 1");
        Require(options.MaxTokenLength is null or >= 1, nameof(options.MaxTokenLength), options.MaxTokenLength, "at least 1, or null");
        Require(options.MaxCharacters is null or >= 1, nameof(options.MaxCharacters), options.MaxCharacters, "at least 1, or null");
        int around = !options.AddSpecialTokens || options.IsWhole ? 0 : options.IsPair ? 3 : 2;
        Require(options.MaxTokens is null || options.MaxTokens > around, nameof(options.MaxTokens), options.MaxTokens, $"above {around}, or null");
        ValidateFiles(options);
    }

    /// <exception cref="ArgumentException">The tokenizer does not fit what the options ask for.</exception>
    public static void RequireFit(this WordPieceOptions options, WordPieceTokenizer tokenizer)
    {
        string source = options.Tokenizer is null ? nameof(options.TokenizerFile) : nameof(options.Tokenizer);
        if (options.IsPair && !tokenizer.Settings.AddSpecialTokens)
            throw new ArgumentException($"{source} sets no special tokens around texts, and {nameof(options.SecondInputColumnName)} needs them: nothing else tells two texts apart.");
        int around = tokenizer.TokensAround(options.IsPair);
        Require(
            options.MaxTokens is null || options.MaxTokens > around, nameof(options.MaxTokens), options.MaxTokens,
            $"above {around}, as {source} sets that many special tokens around the text, or null");
        Require(
            tokenizer.Settings.MaxTokens is null || options.MaxTokens is not null || tokenizer.Settings.MaxTokens > around, nameof(options.MaxTokens), options.MaxTokens,
            $"above {around}, as {source} has room for {tokenizer.Settings.MaxTokens} tokens, which is not enough for pairs");
    }

    private static void ValidatePair(WordPieceOptions options)
    {
        if (options.SecondInputColumnName is null)
            return;
        RequireColumn(options.SecondInputColumnName, nameof(options.SecondInputColumnName));
        RequireColumn(options.TokenTypeColumnName, nameof(options.TokenTypeColumnName));
        if (options.TokenTypeColumnName == options.OutputColumnName)
            throw new ArgumentException($"{nameof(options.TokenTypeColumnName)} and {nameof(options.OutputColumnName)} are both '{options.OutputColumnName}': they are two columns.", nameof(options));
        if (!options.AddSpecialTokens)
            throw new ArgumentException($"{nameof(options.SecondInputColumnName)} needs {nameof(options.AddSpecialTokens)}: nothing else tells two texts apart.", nameof(options));
    }

    private static void ValidateFiles(WordPieceOptions options)
    {
        string[] given = [.. new[]
        {
            options.TokenizerFile is null ? null : nameof(options.TokenizerFile),
            options.Tokenizer is null ? null : nameof(options.Tokenizer),
            options.VocabularyFile is null ? null : nameof(options.VocabularyFile),
        }.OfType<string>()];
        if (given.Length > 1)
            throw new ArgumentException($"{given[0]} and {given[1]} are two vocabularies: set one of them.", nameof(options));
        if (options.IsWhole && (!options.Lowercase || options.StripAccents is not null || !options.AddSpecialTokens))
            throw new ArgumentException(
                $"{given[0]} says what is done to text: leave {nameof(options.Lowercase)}, {nameof(options.StripAccents)} and {nameof(options.AddSpecialTokens)} as they are.", nameof(options));
        RequireFile(options.VocabularyFile, nameof(options.VocabularyFile));
        RequireFile(options.TokenizerFile, nameof(options.TokenizerFile));
    }
}
