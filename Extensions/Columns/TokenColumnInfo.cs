using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNetExt.Columns;

/// <summary>What a token column says of the tokenizer that made it.</summary>
/// <param name="VocabularySize">How many tokens there are: ids lie in <c>[0, VocabularySize)</c>.</param>
/// <param name="SpecialTokens">The ids of the tokens with a role, by role: <c>pad</c>, <c>bos</c>, <c>eos</c>, <c>unk</c>, <c>cls</c>, <c>sep</c>, <c>mask</c> or one of the user's.</param>
/// <param name="TokenizerJson">The whole tokenizer, from which it can be made again.</param>
/// <param name="Fingerprint">What tells two tokenizers apart: <see cref="FingerprintOf"/> of the JSON. One of old, which told apart where texts are cut too, becomes that.</param>
public sealed partial record TokenColumnInfo(int VocabularySize, IReadOnlyDictionary<string, int> SpecialTokens, string TokenizerJson, string Fingerprint)
{
    /// <summary>What tells two tokenizers apart: <see cref="FingerprintOf"/> of the JSON.</summary>
    public string Fingerprint { get; init; } = Renewed(Fingerprint, TokenizerJson);

    /// <summary>Whether the fingerprint is that of the JSON, and the special ids lie in the vocabulary.</summary>
    public bool IsConsistent() =>
        VocabularySize >= 1 && SpecialTokens.Values.All(id => id >= 0 && id < VocabularySize) && Fingerprint == FingerprintOf(TokenizerJson);

    /// <summary>The fingerprint of a tokenizer: SHA-256 of its JSON as UTF-8, 64 lower-case hexadecimal digits. Where it cuts long texts is left out, <c>null</c> standing for
    /// <c>truncation</c>: ids mean the same wherever a text ends.</summary>
    /// <param name="tokenizerJson">The JSON in its canonical form, in which a tokenizer always writes it.</param>
    public static string FingerprintOf(string tokenizerJson) => Hash(Truncation().Replace(tokenizerJson, "$1null", 1));

    private static string Renewed(string fingerprint, string json) =>
        json is not null && Truncation().IsMatch(json) && fingerprint == Hash(json) ? FingerprintOf(json) : fingerprint;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // In a string the quotes would be escaped, and a token of that name has a number.
    [GeneratedRegex("""("truncation":\s*)\{[^{}]*\}""", RegexOptions.CultureInvariant)]
    private static partial Regex Truncation();
}
