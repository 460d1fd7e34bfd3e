using System.Security.Cryptography;
using System.Text;

namespace MLNetExt.Columns;

/// <summary>What a token column says of the tokenizer that made it.</summary>
/// <param name="VocabularySize">How many tokens there are: ids lie in <c>[0, VocabularySize)</c>.</param>
/// <param name="SpecialTokens">The ids of the tokens with a role, by role: <c>pad</c>, <c>bos</c>, <c>eos</c>, <c>unk</c>, <c>cls</c>, <c>sep</c>, <c>mask</c> or one of the user's.</param>
/// <param name="TokenizerJson">The whole tokenizer, from which it can be made again.</param>
/// <param name="Fingerprint">What tells two tokenizers apart: <see cref="FingerprintOf"/> of the JSON.</param>
public sealed record TokenColumnInfo(int VocabularySize, IReadOnlyDictionary<string, int> SpecialTokens, string TokenizerJson, string Fingerprint)
{
    /// <summary>Whether the fingerprint is that of the JSON, and the special ids lie in the vocabulary.</summary>
    public bool IsConsistent() =>
        VocabularySize >= 1 && SpecialTokens.Values.All(id => id >= 0 && id < VocabularySize) && Fingerprint == FingerprintOf(TokenizerJson);

    /// <summary>The fingerprint of a tokenizer: SHA-256 of its JSON as UTF-8, 64 lower-case hexadecimal digits.</summary>
    /// <param name="tokenizerJson">The JSON in its canonical form, in which a tokenizer always writes it.</param>
    public static string FingerprintOf(string tokenizerJson) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tokenizerJson)));
}
