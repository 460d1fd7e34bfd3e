using System.Text;
using System.Text.RegularExpressions;

namespace MLNetExt.Tokenization;

/// <summary>How text is made ready: normalised, then cut into pieces that no token crosses.</summary>
internal static partial class TextPieces
{
    /// <summary>The text as it is encoded. What is no valid UTF-16 becomes U+FFFD, as UTF-8 has no form for it.</summary>
    public static string Normalize(string text, bool lowercase, bool composed)
    {
        string valid = IsValid(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        if (composed)
        {
            // .NET normalises no text that holds U+FFFE; like what is no valid UTF-16 it becomes U+FFFD.
            valid = valid.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormC);
        }

        return lowercase ? valid.ToLowerInvariant() : valid;
    }

    /// <summary>The pieces of GPT-2: English contractions; runs of letters, of digits and of other characters, each with the space before it; white space.</summary>
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    public static partial Regex Regex();

    private static bool IsValid(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }
}
