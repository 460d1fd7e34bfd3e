namespace MLNetExt.LanguageModeling;

/// <summary>Makes sure that an encoder can read a row; messages name it.</summary>
internal static class EncoderCheck
{
    /// <exception cref="InvalidDataException">An id is not in the vocabulary, or the row is too long.</exception>
    public static void Tokens(ReadOnlySpan<int> tokens, string column, int vocabularySize, int contextLength, long row)
    {
        if (tokens.Length > contextLength)
            throw new InvalidDataException(
                $"Column '{column}' has {tokens.Length} tokens in row {row}, but the encoder has {contextLength} positions: set MaxTokens of mlContext.Transforms.Text.TokenizeWordPieces, or maxTokens of LoadHuggingFaceEncoder, cut texts with ChunkTokens, or raise ContextLength.");
        if (tokens.IndexOfAnyExceptInRange(0, vocabularySize - 1) is >= 0 and var bad)
            throw new InvalidDataException($"Column '{column}' has the id {tokens[bad]} in row {row}, slot {bad}, which is not in the vocabulary of {vocabularySize} tokens.");
    }

    /// <exception cref="InvalidDataException">There is not one kind for each token, or one that the encoder does not know.</exception>
    public static void Types(ReadOnlySpan<int> types, int tokens, string column, string tokensColumn, int tokenTypes, long row)
    {
        if (types.Length != tokens)
            throw new InvalidDataException($"Column '{column}' has {types.Length} kinds in row {row} for the {tokens} tokens of column '{tokensColumn}': make both with one tokenizer, and cut both together.");
        if (types.IndexOfAnyExceptInRange(0, tokenTypes - 1) is >= 0 and var bad)
            throw new InvalidDataException($"Column '{column}' has the kind {types[bad]} in row {row}, slot {bad}: the encoder knows 0 to {tokenTypes - 1}.");
    }

    /// <summary>Whether a row says nothing.</summary>
    /// <param name="tokens">The row.</param>
    /// <param name="emptyIds">The tokens that do not: <see cref="EncoderState.EmptyIds"/>.</param>
    public static bool IsEmpty(ReadOnlySpan<int> tokens, IReadOnlySet<int> emptyIds)
    {
        foreach (int id in tokens)
        {
            if (!emptyIds.Contains(id))
                return false;
        }

        return true;
    }
}
