namespace MLNetExt.Networks;

/// <summary>The files of a model directory, weights aside.</summary>
internal static class ModelFiles
{
    public const string Config = "config.json";

    /// <summary>A tokenizer as one JSON.</summary>
    public const string Tokenizer = "tokenizer.json";

    /// <summary>How a tokenizer is used: whether it lowers case, for one.</summary>
    public const string TokenizerConfig = "tokenizer_config.json";

    /// <summary>The word pieces of BERT's tokenizer, one a line.</summary>
    public const string Vocabulary = "vocab.txt";

    /// <summary>Those of a tokenizer.</summary>
    public static IReadOnlyList<string> OfTokenizer { get; } = [Tokenizer, TokenizerConfig, Vocabulary];
}
