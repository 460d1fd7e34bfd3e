namespace MLNetExt.Tokenization;

/// <summary>What a tokenizer does besides merging bytes.</summary>
/// <param name="Lowercase">Whether text is put in lower case.</param>
/// <param name="Composed">Whether text is brought to Unicode's normalisation form C.</param>
/// <param name="Bos">The token set before the text; null for none.</param>
/// <param name="Eos">The token set after the text; null for none.</param>
/// <param name="MaxTokens">The most ids of a text, with those two; null for no limit.</param>
internal sealed record TokenizerSettings(bool Lowercase = false, bool Composed = false, string? Bos = null, string? Eos = null, int? MaxTokens = null)
{
    /// <exception cref="NotSupportedException">The process cannot normalise text as they ask for.</exception>
    public void Check()
    {
        if (Composed)
            UnicodeNormalization.Require(nameof(BytePairOptions.NormalizeUnicode));
    }
}
