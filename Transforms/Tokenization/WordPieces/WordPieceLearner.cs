using System.Text;

namespace MLNetExt.Tokenization;

/// <summary>Learns a WordPiece vocabulary by counts, as Hugging Face's trainer does: <see cref="PairLearner"/> on the characters of words, where those that go on
/// with a word begin with <c>##</c>.</summary>
/// <remarks>The alphabet is each character as a word's beginning, and as its continuation too when it does not stand alone: every word of these characters has tokens.</remarks>
internal sealed class WordPieceLearner
{
    private readonly PairLearner _pairs;
    private readonly int? _maxTokenLength;

    /// <param name="words">The words of the text, with how often each is there.</param>
    /// <param name="maxCharacters">How many characters the alphabet has at most, the most frequent ones; null for all. Words with others are left out.</param>
    /// <param name="maxTokenLength">The most characters of a token; null for no limit.</param>
    public WordPieceLearner(IReadOnlyCollection<KeyValuePair<string, long>> words, int? maxCharacters, int? maxTokenLength)
    {
        _maxTokenLength = maxTokenLength;
        Dictionary<Rune, long> counts = Count(words);
        Rune[] characters = [.. counts.OrderByDescending(character => character.Value).ThenBy(character => character.Key)
            .Take(maxCharacters ?? counts.Count).Select(character => character.Key).Order()];
        DroppedCharacters = counts.Count - characters.Length;
        CharacterCount = characters.Length;
        string[] alphabet = [.. characters.Select(character => character.ToString()), .. characters.Where(character => !BertText.StandsAlone(character)).Select(character => WordPieceModel.Prefix + character)];
        AlphabetSize = alphabet.Length;
        Dictionary<string, int> ids = alphabet.Select((token, id) => (token, id)).ToDictionary();
        _pairs = new PairLearner(alphabet, Pieces(words, ids), Join);
    }

    /// <summary>How many characters the alphabet is made of.</summary>
    public int CharacterCount { get; }

    /// <summary>How many tokens the alphabet has.</summary>
    public int AlphabetSize { get; }

    /// <summary>How many characters of the text are not in the alphabet.</summary>
    public int DroppedCharacters { get; }

    /// <summary>What was learned so far: tokens in the order in which they came, the alphabet first.</summary>
    public IReadOnlyList<string> Tokens => _pairs.Tokens;

    /// <inheritdoc cref="PairLearner.MergeNext"/>
    public bool MergeNext(long minFrequency) => _pairs.MergeNext(minFrequency);

    private static Dictionary<Rune, long> Count(IEnumerable<KeyValuePair<string, long>> words)
    {
        var counts = new Dictionary<Rune, long>();
        foreach ((string word, long count) in words)
        {
            foreach (Rune character in word.EnumerateRunes())
                counts[character] = counts.GetValueOrDefault(character) + count;
        }
        return counts;
    }

    private static IEnumerable<(int[] Tokens, long Count)> Pieces(IEnumerable<KeyValuePair<string, long>> words, Dictionary<string, int> ids)
    {
        foreach ((string word, long count) in words)
        {
            int?[] tokens = [.. word.EnumerateRunes().Select((character, i) =>
                ids.TryGetValue(i == 0 ? character.ToString() : WordPieceModel.Prefix + character, out int id) ? id : (int?)null)];
            if (!tokens.Contains(null))
                yield return ([.. tokens.Select(id => id!.Value)], count);
        }
    }

    private string? Join(string left, string right)
    {
        string token = left + right[WordPieceModel.Prefix.Length..];
        return _maxTokenLength is { } longest && Length(token) > longest ? null : token;
    }

    private static int Length(string token) => token.EnumerateRunes().Count() - (token.StartsWith(WordPieceModel.Prefix, StringComparison.Ordinal) ? WordPieceModel.Prefix.Length : 0);
}
