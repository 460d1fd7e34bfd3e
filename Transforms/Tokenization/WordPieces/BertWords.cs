using System.Text;
using Microsoft.ML.Tokenizers;

namespace MLNetExt.Tokenization;

/// <summary>Cuts text that is made ready into words as BERT does: at white space, and each punctuation mark for itself.</summary>
/// <remarks>That is Hugging Face's <c>BertPreTokenizer</c>. The one of Microsoft.ML.Tokenizers is not used: it drops symbols such as + and 🐈.</remarks>
internal sealed class BertWords : PreTokenizer
{
    public static BertWords Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        int start = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune character, out length);
            bool isMark = BertText.IsPunctuation(character);
            if (!isMark && !Rune.IsWhiteSpace(character))
                continue;
            if (i > start)
                yield return (start, i - start);
            if (isMark)
                yield return (i, length);
            start = i + length;
        }
        if (text.Length > start)
            yield return (start, text.Length - start);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());
}
