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

    /// <summary>What a token column of it says in its annotations.</summary>
    public TokenColumnInfo ColumnInfo => new(VocabularySize, SpecialTokens, ToJson(), Fingerprint);

    /// <summary>Makes a tokenizer from Hugging Face's <c>tokenizer.json</c>, which is also what <see cref="ToJson"/> writes.</summary>
    /// <returns>A <see cref="WordPieceTokenizer"/> or a <see cref="BytePairTokenizer"/>, as its <c>model.type</c> says; the latter when it says nothing.</returns>
    /// <exception cref="InvalidDataException">It is damaged, it is of neither kind, or it has a setting that is not supported; the message names it.</exception>
    public static TextTokenizer FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return TokenizerJson.ModelType(json) switch
        {
            null or TokenizerJson.BytePairType => BytePairTokenizer.FromJson(json),
            TokenizerJson.WordPieceType => WordPieceTokenizer.FromJson(json),
            var other => throw new InvalidDataException($"The tokenizer's 'model.type' is {other}; supported are {TokenizerJson.BytePairType} and {TokenizerJson.WordPieceType}."),
        };
    }

    /// <summary>The whole tokenizer as Hugging Face's <c>tokenizer.json</c>: the same text for the same tokenizer.</summary>
    public abstract string ToJson();

    /// <summary>The ids of a text; none for an empty one, besides those that are set around every text.</summary>
    public abstract int[] Encode(string text);

    /// <summary>The text of ids. Special tokens have none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public abstract string Decode(ReadOnlySpan<int> ids);
}
