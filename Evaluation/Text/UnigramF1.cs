using System.Text;

namespace MLNetExt.Evaluation;

/// <summary>Unigram F1 of texts: how many words they share, as the question-answering and dialogue literature counts them.</summary>
/// <remarks>As ParlAI computes it: lower case; punctuation and symbols become spaces; <c>a</c>, <c>an</c> and <c>the</c> are dropped. ParlAI's punctuation is that
/// of ASCII; here it is that of Unicode.</remarks>
public static class UnigramF1
{
    private static readonly HashSet<string> s_articles = ["a", "an", "the"];

    /// <summary>With c the number of words that both have, counted as often as both have them, P = c / generated and R = c / reference: 2PR / (P + R).</summary>
    /// <returns>In [0, 1]; 0 when either has no word.</returns>
    public static double Score(string generated, string reference)
    {
        string[] words = Words(generated), expected = Words(reference);
        Dictionary<string, int> left = expected.CountBy(word => word).ToDictionary();
        int common = 0;
        foreach (string word in words)
        {
            if (!left.TryGetValue(word, out int count) || count == 0)
                continue;
            left[word] = count - 1;
            common++;
        }
        return common == 0 ? 0 : 2.0 * common / (words.Length + expected.Length);
    }

    private static string[] Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var spaced = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            spaced.Append(Rune.IsPunctuation(rune) || Rune.IsSymbol(rune) ? " " : Rune.ToLowerInvariant(rune).ToString());
        return [.. spaced.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => !s_articles.Contains(word))];
    }
}
