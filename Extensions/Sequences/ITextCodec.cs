namespace MLNetExt.Sequences;

/// <summary>Text to tokens and back, as a model reads and writes them.</summary>
public interface ITextCodec
{
    /// <summary>The token that ends a text; null when none does.</summary>
    int? EndId { get; }

    /// <summary>The ids of a text that is to be continued: no end token stands behind them.</summary>
    int[] EncodePrompt(string text);

    /// <summary>The ids of a text that continues another: neither a start nor an end token stands around them.</summary>
    int[] EncodeCompletion(string text);

    /// <summary>The text of ids; special tokens have none.</summary>
    string Decode(ReadOnlySpan<int> ids);
}
