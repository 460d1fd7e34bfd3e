using MLNetExt.Columns;

namespace MLNetExt.Tokenization;

/// <summary>Makes token ids of text, and text of token ids: <see cref="BytePairTokenizer"/> or <see cref="WordPieceTokenizer"/>. Thread-safe.</summary>
public abstract class TextTokenizer
{
    private protected TextTokenizer()
    {
    }

    /// <summary>How many tokens there are, special ones among them: ids lie in <c>[0, VocabularySize)</c>.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The ids of the special tokens by role.</summary>
    public abstract IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>What tells it from other tokenizers: <see cref="TokenColumnInfo.FingerprintOf"/> of <see cref="ToJson"/>.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>The most ids of a text, those that are set around it among them; null for no limit.</summary>
    public abstract int? MaxTokens { get; }

    /// <summary>What a token column of it says in its annotations.</summary>
    public TokenColumnInfo ColumnInfo => new(VocabularySize, SpecialTokens, ToJson(), Fingerprint);

    /// <summary>Makes a tokenizer from Hugging Face's <c>tokenizer.json</c>, which is also what <see cref="ToJson"/> writes.</summary>
    /// <returns>A <see cref="WordPieceTokenizer"/> or a <see cref="BytePairTokenizer"/>, as its <c>model.type</c> says, or where there is none its other settings.</returns>
    /// <exception cref="InvalidDataException">It is damaged, it is of neither kind, or it has a setting that is not supported; the message names it.</exception>
    /// <exception cref="NotSupportedException">It normalises Unicode, for which the process lacks the data (invariant globalization).</exception>
    public static TextTokenizer FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return TokenizerJson.ModelType(json) switch
        {
            TokenizerJson.BytePairType => BytePairTokenizer.FromJson(json),
            TokenizerJson.WordPieceType => WordPieceTokenizer.FromJson(json),
            var other => throw new InvalidDataException($"The tokenizer's 'model.type' is {other}; supported are {TokenizerJson.BytePairType} and {TokenizerJson.WordPieceType}."),
        };
    }

    /// <summary>The whole tokenizer as Hugging Face's <c>tokenizer.json</c>: the same text for the same tokenizer.</summary>
    public abstract string ToJson();

    /// <summary>The ids of a text; none for an empty one, besides those that are set around every text.</summary>
    public abstract int[] Encode(string text);

    /// <summary>The ids of a text in which the mask is written, such as <c>The [MASK] sat.</c>: there the mask stands, and white space before it is not read. Nothing is cut off.</summary>
    /// <exception cref="InvalidOperationException">The tokenizer has no mask.</exception>
    public int[] EncodeMasked(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!SpecialTokens.TryGetValue(Tokenization.SpecialTokens.Mask, out int mask))
            throw new InvalidOperationException($"The tokenizer has no mask among its special tokens {string.Join(", ", SpecialTokens.Keys)}.");
        string[] parts = text.Split(TokenText(mask));
        List<int> ids = [];
        foreach (string part in parts[..^1])
            ids.AddRange([.. Inner(part.TrimEnd()), mask]);
        return Surround([.. ids, .. Inner(parts[^1])]);
    }

    /// <summary>The text of ids. Special tokens have none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public abstract string Decode(ReadOnlySpan<int> ids);

    /// <summary>A token by itself: its text, behind <c>##</c> when it goes on with a word; the name of a special one, such as <c>[MASK]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public abstract string TokenText(int id);

    /// <summary>The same tokenizer with another limit to the tokens of a text. Its <see cref="Fingerprint"/> stays.</summary>
    /// <param name="maxTokens">The most ids of a text, those that are set around it among them; null for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for a text.</exception>
    public abstract TextTokenizer WithMaxTokens(int? maxTokens);

    /// <summary>All the ids of a text, without those that are set around it.</summary>
    private protected abstract IReadOnlyList<int> Inner(string text);

    /// <summary>Sets special tokens around the ids of a text.</summary>
    private protected abstract int[] Surround(IEnumerable<int> ids);

    private protected static void RequireRoom(int? maxTokens, int around)
    {
        if (maxTokens <= around)
            throw new ArgumentOutOfRangeException(nameof(maxTokens), maxTokens, $"The most tokens of a text must be above {around}, the special tokens around it.");
    }
}
