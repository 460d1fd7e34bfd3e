using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;

namespace MLNetExt.Tokenization;

/// <summary>The options of <see cref="BytePairEstimator"/>. Fit reads them and never changes them.</summary>
/// <remarks>With <see cref="VocabularyFile"/> and <see cref="MergesFile"/>, with <see cref="TokenizerFile"/>, or with <see cref="Tokenizer"/>, Fit learns nothing, and
/// <see cref="VocabularySize"/>, <see cref="MinFrequency"/> and <see cref="SpecialTokens"/> are not used.</remarks>
public sealed class BytePairOptions
{
    /// <summary>The token column to add: a vector of Int32 of variable size.</summary>
    public string OutputColumnName { get; set; } = "Tokens";

    /// <summary>The text column to read; null for the output's name.</summary>
    public string? InputColumnName { get; set; }

    /// <summary>How many tokens there are at most, the 256 bytes and the special ones among them; up to 1,048,576. Fewer are learned when no pair is
    /// frequent enough.</summary>
    [Range(1024, 32768, 8192, true)]
    public int VocabularySize { get; set; } = 8192;

    /// <summary>How often a pair of tokens must be there to become a token; at least 1.</summary>
    [Range(1, 10, 2)]
    public int MinFrequency { get; set; } = 2;

    /// <summary>The roles of the special tokens, which take the first ids in this order and are written <c>&lt;|role|&gt;</c>: each a lower-case
    /// letter and up to 31 of them, digits, dashes and underscores.</summary>
    public string[] SpecialTokens { get; set; } = ["pad", "bos", "eos", "unk", "mask"];

    /// <summary>Whether the <c>bos</c> token is set before every text.</summary>
    [BooleanChoice(false)]
    public bool AddBos { get; set; }

    /// <summary>Whether the <c>eos</c> token is set after every text.</summary>
    [BooleanChoice(false)]
    public bool AddEos { get; set; }

    /// <summary>The most tokens of a text, <c>bos</c> and <c>eos</c> among them; what is more is cut at the text's end. Null for no limit.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Whether text is put in lower case, which decoding does not undo.</summary>
    [BooleanChoice(false)]
    public bool Lowercase { get; set; }

    /// <summary>Whether text is brought to Unicode's normalisation form C, which decoding does not undo.</summary>
    public bool NormalizeUnicode { get; set; }

    /// <summary>GPT-2's <c>vocab.json</c>, with <see cref="MergesFile"/>; null to learn.</summary>
    public string? VocabularyFile { get; set; }

    /// <summary>GPT-2's <c>merges.txt</c>, with <see cref="VocabularyFile"/>; null to learn.</summary>
    public string? MergesFile { get; set; }

    /// <summary>Hugging Face's <c>tokenizer.json</c> of a byte-level BPE that cuts text as GPT-2's does; null to learn. The file says what is done to text and what is set
    /// around it; only <see cref="MaxTokens"/> may be set beside it.</summary>
    public string? TokenizerFile { get; set; }

    /// <summary>A tokenizer that is there already, such as a loaded language model's, which says what is done to text like <see cref="TokenizerFile"/>; null to learn.</summary>
    [JsonIgnore]
    public BytePairTokenizer? Tokenizer { get; set; }

    /// <summary>Ends learning.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    internal string InputColumn => InputColumnName ?? OutputColumnName;

    internal bool Learns => VocabularyFile is null && TokenizerFile is null && Tokenizer is null;
}
