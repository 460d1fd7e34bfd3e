using System.Buffers;
using System.Globalization;
using System.Text;

namespace MLNetExt.Tokenization;

/// <summary>Makes text ready as BERT does: cleaned, ideographs set apart, and without accents and capitals where asked for.</summary>
/// <remarks>That is Hugging Face's <c>BertNormalizer</c>. The one of Microsoft.ML.Tokenizers is not used: it deletes line breaks and tabs, which joins the words
/// around them, deletes the vowel signs of Indic scripts with the accents, and composes letters again.</remarks>
internal static class BertText
{
    /// <param name="text">Any text; what is no valid UTF-16 is left out.</param>
    /// <param name="lowercase">Whether text is put in lower case, letter by letter.</param>
    /// <param name="stripAccents">Whether letters are decomposed, and their non-spacing marks left out.</param>
    public static string Normalize(string text, bool lowercase, bool stripAccents)
    {
        string clean = Clean(text);
        if (stripAccents)
            clean = WithoutMarks(clean.Normalize(NormalizationForm.FormD));
        return lowercase ? clean.ToLowerInvariant() : clean;
    }

    /// <summary>Whether a character is a word of its own, and so never goes on with one.</summary>
    public static bool StandsAlone(Rune character) => IsPunctuation(character) || IsIdeograph(character.Value);

    /// <summary>What Unicode calls punctuation, and every ASCII character that is neither a letter nor a digit.</summary>
    public static bool IsPunctuation(Rune character) => character.IsAscii ? character.Value is > ' ' and < 0x7F && !Rune.IsLetterOrDigit(character) : Rune.IsPunctuation(character);

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (int i = 0, length; i < text.Length; i += length)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune character, out length) != OperationStatus.Done || character == Rune.ReplacementChar)
                continue;
            if (character.Value is '\t' or '\n' or '\r')
                clean.Append(' ');
            else if (IsControl(character))
                continue;
            else if (Rune.IsWhiteSpace(character))
                clean.Append(' ');
            else if (IsIdeograph(character.Value))
                clean.Append(' ').Append(text, i, length).Append(' ');
            else
                clean.Append(text, i, length);
        }
        return clean.ToString();
    }

    private static string WithoutMarks(string text)
    {
        var without = new StringBuilder(text.Length);
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune character, out length);
            if (Rune.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
                without.Append(text, i, length);
        }
        return without.ToString();
    }

    private static bool IsControl(Rune character) => Rune.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    /// <summary>Whether a code point is in one of the blocks that BERT counts as Chinese; kana and hangul are not.</summary>
    private static bool IsIdeograph(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
