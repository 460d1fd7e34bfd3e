using System.Text.RegularExpressions;
using static MLNetExt.Tokenization.TokenizerOptionsCheck;

namespace MLNetExt.Tokenization;

/// <summary>Checks of <see cref="BytePairOptions"/>; the message names the option and what it may be.</summary>
internal static partial class BytePairOptionsCheck
{
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public static void Validate(this BytePairOptions options)
    {
        RequireColumn(options.OutputColumnName, nameof(options.OutputColumnName));
        RequireColumn(options.InputColumn, nameof(options.InputColumnName));
        Require(options.MinFrequency >= 1, nameof(options.MinFrequency), options.MinFrequency, "at least 1");
        int around = (options.AddBos ? 1 : 0) + (options.AddEos ? 1 : 0);
        Require(options.MaxTokens is null || options.MaxTokens > around, nameof(options.MaxTokens), options.MaxTokens, $"above {around}, or null");
        ValidateFiles(options);
        if (options.Learns)
            ValidateSpecialTokens(options);
    }

    private static void ValidateFiles(BytePairOptions options)
    {
        if (options.VocabularyFile is null != options.MergesFile is null)
            throw new ArgumentException($"{nameof(options.VocabularyFile)} and {nameof(options.MergesFile)} belong together: set both, or neither.", nameof(options));
        string[] whole = [.. new[] { options.TokenizerFile is null ? null : nameof(options.TokenizerFile), options.Tokenizer is null ? null : nameof(options.Tokenizer) }.OfType<string>()];
        if (whole is [var first, ..])
        {
            string? second = whole.Length > 1 ? whole[1] : options.VocabularyFile is null ? null : nameof(options.VocabularyFile);
            if (second is not null)
                throw new ArgumentException($"{first} and {second} are two vocabularies: set one of them.", nameof(options));
            if (options.AddBos || options.AddEos || options.Lowercase || options.NormalizeUnicode)
                throw new ArgumentException(
                    $"{first} says what is done to text: set none of {nameof(options.AddBos)}, {nameof(options.AddEos)}, "
                    + $"{nameof(options.Lowercase)} and {nameof(options.NormalizeUnicode)} beside it.", nameof(options));
        }
        RequireFile(options.VocabularyFile, nameof(options.VocabularyFile));
        RequireFile(options.MergesFile, nameof(options.MergesFile));
        RequireFile(options.TokenizerFile, nameof(options.TokenizerFile));
    }

    private static void ValidateSpecialTokens(BytePairOptions options)
    {
        string[] roles = options.SpecialTokens ?? throw new ArgumentException($"{nameof(options.SpecialTokens)} is null: use an empty array for none.", nameof(options));
        foreach (string role in roles)
        {
            if (role is null || !Role().IsMatch(role) || SpecialTokens.RoleOf(SpecialTokens.Write(role)) != role)
                throw new ArgumentException(
                    $"{nameof(options.SpecialTokens)} has '{role}': a role is a lower-case letter and up to 31 of them, digits, dashes and underscores; the text's ends are 'bos' and 'eos'.", nameof(options));
        }
        if (roles.Distinct().Count() != roles.Length)
            throw new ArgumentException($"{nameof(options.SpecialTokens)} names a role twice: {string.Join(", ", roles)}.", nameof(options));
        int smallest = ByteAlphabet.Size + roles.Length;
        Require(
            options.VocabularySize >= smallest && options.VocabularySize <= MaxVocabularySize, nameof(options.VocabularySize), options.VocabularySize,
            $"from {smallest} (the bytes and the special tokens) to {MaxVocabularySize}");
        RequireRole(options.AddBos, nameof(options.AddBos), SpecialTokens.Bos, roles);
        RequireRole(options.AddEos, nameof(options.AddEos), SpecialTokens.Eos, roles);
    }

    /// <exception cref="ArgumentException">The option asks for a role that the vocabulary does not have.</exception>
    public static void RequireRole(bool isAsked, string option, string role, IEnumerable<string> roles)
    {
        if (isAsked && !roles.Contains(role))
            throw new ArgumentException($"{option} needs a special token '{role}', but there are only: {string.Join(", ", roles)}.");
    }

    /// <exception cref="ArgumentException">The file's special tokens leave no room.</exception>
    public static void RequireRoom(this BytePairOptions options, int around) => Require(
        options.MaxTokens is null || options.MaxTokens > around, nameof(options.MaxTokens), options.MaxTokens,
        $"above {around}, as {(options.Tokenizer is null ? nameof(options.TokenizerFile) : nameof(options.Tokenizer))} sets that many special tokens around a text, or null");

    [GeneratedRegex(@"^[a-z][a-z0-9_\-]{0,31}\z")]
    private static partial Regex Role();
}
