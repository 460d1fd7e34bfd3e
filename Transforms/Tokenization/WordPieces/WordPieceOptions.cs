using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;

namespace MLNetExt.Tokenization;

/// <summary>The options of <see cref="WordPieceEstimator"/>. Fit reads them and never changes them.</summary>
/// <remarks>With <see cref="VocabularyFile"/>, with <see cref="TokenizerFile"/>, or with <see cref="Tokenizer"/>, Fit learns nothing, and
/// <see cref="VocabularySize"/>, <see cref="MinFrequency"/>, <see cref="MaxTokenLength"/> and <see cref="MaxCharacters"/> are not used.</remarks>
public sealed class WordPieceOptions
{
    /// <summary>The token column to add: a vector of Int32 of variable size.</summary>
    public string OutputColumnName { get; set; } = "Tokens";

    /// <summary>The text column to read; null for the output's name.</summary>
    public string? InputColumnName { get; set; }

    /// <summary>The text column with the second text of each pair, such as an answer to a question; null for single texts.</summary>
    public string? SecondInputColumnName { get; set; }

    /// <summary>The column to add with the token types of pairs, 0 for the first text and 1 for the second: a vector of Int32 as long as the tokens. Not added for single texts,
    /// whose types are all 0.</summary>
    public string TokenTypeColumnName { get; set; } = "TokenTypes";

    /// <summary>How many tokens there are at most, the characters of the texts and the five special tokens among them; up to 1,048,576. Fewer are learned when no pair is
    /// frequent enough.</summary>
    [Range(1024, 32768, 8192, true)]
    public int VocabularySize { get; set; } = 8192;

    /// <summary>How often a pair of tokens must be there to become a token; at least 1.</summary>
    [Range(1, 10, 2)]
    public int MinFrequency { get; set; } = 2;

    /// <summary>The most characters of a learned token; 1 for a vocabulary of characters. Null for no limit.</summary>
    public int? MaxTokenLength { get; set; }

    /// <summary>How many characters have tokens, the most frequent ones; words with others are <c>unk</c>. Null for all of the texts.</summary>
    public int? MaxCharacters { get; set; }

    /// <summary>Whether text is put in lower case, which decoding does not undo.</summary>
    [BooleanChoice(true)]
    public bool Lowercase { get; set; } = true;

    /// <summary>Whether accents are left out, all that Unicode calls non-spacing marks, which decoding does not undo; null for the same as <see cref="Lowercase"/>.</summary>
    public bool? StripAccents { get; set; }

    /// <summary>Whether <c>cls</c> is set before a text and <c>sep</c> after it. Pairs need it.</summary>
    public bool AddSpecialTokens { get; set; } = true;

    /// <summary>The most tokens of a row, special ones among them; what is more is cut at the text's end, or at the end of the longer text of a pair. Null for no limit.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>BERT's <c>vocab.txt</c>, a token a line; null to learn.</summary>
    public string? VocabularyFile { get; set; }

    /// <summary>Hugging Face's <c>tokenizer.json</c> of a WordPiece tokenizer that cuts text as BERT's does; null to learn. The file says what is done to text and what is set
    /// around it; only <see cref="MaxTokens"/> may be set beside it.</summary>
    public string? TokenizerFile { get; set; }

    /// <summary>A tokenizer that is there already, such as a loaded encoder's, which says what is done to text like <see cref="TokenizerFile"/>; null to learn.</summary>
    [JsonIgnore]
    public WordPieceTokenizer? Tokenizer { get; set; }

    /// <summary>Ends learning.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    internal string InputColumn => InputColumnName ?? OutputColumnName;

    internal IEnumerable<string> InputColumns => SecondInputColumnName is null ? [InputColumn] : [InputColumn, SecondInputColumnName];

    internal bool Learns => VocabularyFile is null && !IsWhole;

    /// <summary>Whether a whole tokenizer is given, which says what is done to text.</summary>
    internal bool IsWhole => TokenizerFile is not null || Tokenizer is not null;

    internal bool IsPair => SecondInputColumnName is not null;

    internal WordPieceSettings Settings => new(Lowercase, StripAccents ?? Lowercase, AddSpecialTokens, MaxTokens);
}
