namespace MLNetExt.Tokenization;

/// <summary>Checks that the options of the tokenizers share; the message names the option and what it may be.</summary>
internal static class TokenizerOptionsCheck
{
    public const int MaxVocabularySize = 1 << 20;

    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static void Require(bool holds, string option, object? value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, value, $"{option} must be {range}.");
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no name.</exception>
    public static void RequireColumn(string? name, string option) => Require(!string.IsNullOrWhiteSpace(name), option, name, "the name of a column");

    /// <exception cref="ArgumentException">The file does not exist.</exception>
    public static void RequireFile(string? file, string option)
    {
        if (file is not null && !File.Exists(file))
            throw new ArgumentException($"{option} is '{file}', which does not exist.");
    }
}
