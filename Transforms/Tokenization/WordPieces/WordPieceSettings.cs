namespace MLNetExt.Tokenization;

/// <summary>What a WordPiece tokenizer does besides cutting words into tokens.</summary>
/// <param name="Lowercase">Whether text is put in lower case.</param>
/// <param name="StripAccents">Whether accents are left out.</param>
/// <param name="AddSpecialTokens">Whether <c>cls</c> is set before a text and <c>sep</c> after it.</param>
/// <param name="MaxTokens">The most ids of a row, with those; null for no limit.</param>
/// <param name="MaxWordLength">The UTF-16 units of the longest word that is cut into tokens; a longer one is <c>unk</c>.</param>
internal sealed record WordPieceSettings(
    bool Lowercase, bool StripAccents, bool AddSpecialTokens = true, int? MaxTokens = null, int MaxWordLength = WordPieceSettings.UsualWordLength)
{
    public const int UsualWordLength = 100;

    /// <exception cref="NotSupportedException">The process cannot normalise text as they ask for.</exception>
    public void Check()
    {
        if (StripAccents)
            UnicodeNormalization.Require(nameof(WordPieceOptions.StripAccents));
    }

    public string Normalize(string text) => BertText.Normalize(text, Lowercase, StripAccents);
}
