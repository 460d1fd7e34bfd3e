namespace MLNetExt.Evaluation;

/// <summary>A document cut in two: what a model is prompted with, and what it would continue with if it recited the document.</summary>
/// <param name="Prefix">The ids of the prompt, at least 1.</param>
/// <param name="Suffix">The ids that follow it in the document, at least 1.</param>
public sealed record ExtractionSplit(int[] Prefix, int[] Suffix)
{
    /// <summary>The number of tokens at the end that the goldfish paper's released extraction script takes for the suffix.</summary>
    public const int ReferenceScriptSuffix = 50;

    /// <summary>The first tokens of a document as the prefix, those after them as the suffix; what follows is not used.</summary>
    /// <param name="tokens">The document.</param>
    /// <param name="prefixLength">The number of tokens in the prefix, at least 1.</param>
    /// <param name="suffixLength">The number of tokens in the suffix, at least 1.</param>
    /// <returns>Null when the document has fewer than <paramref name="prefixLength"/> + <paramref name="suffixLength"/> tokens.</returns>
    public static ExtractionSplit? Leading(ReadOnlySpan<int> tokens, int prefixLength, int suffixLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefixLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(suffixLength, 1);
        return tokens.Length < (long)prefixLength + suffixLength
            ? null
            : new ExtractionSplit(tokens[..prefixLength].ToArray(), tokens.Slice(prefixLength, suffixLength).ToArray());
    }

    /// <summary>The last tokens of a document as the suffix, everything before them as the prefix: how the goldfish paper's released script cuts.</summary>
    /// <param name="tokens">The document.</param>
    /// <param name="suffixLength">The number of tokens in the suffix, at least 1.</param>
    /// <returns>Null when the document has no more than <paramref name="suffixLength"/> tokens.</returns>
    public static ExtractionSplit? Trailing(ReadOnlySpan<int> tokens, int suffixLength = ReferenceScriptSuffix)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(suffixLength, 1);
        return tokens.Length <= suffixLength
            ? null
            : new ExtractionSplit(tokens[..^suffixLength].ToArray(), tokens[^suffixLength..].ToArray());
    }
}
