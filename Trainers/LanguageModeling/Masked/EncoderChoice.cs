using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Networks;

namespace MLNetExt.LanguageModeling;

/// <summary>Chooses the network from the options and what the token column says of its tokenizer.</summary>
internal static class EncoderChoice
{
    /// <exception cref="ArgumentException">The column does not name its tokenizer, or not that of the pre-trained model.</exception>
    public static EncoderState State(IEncoderOptions options, DataViewSchema schema)
    {
        TokenColumnInfo? tokens = TokenAnnotations.Of(schema[options.TokensColumnName]);
        if (tokens?.IsConsistent() == false)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' describes its tokenizer wrongly: the fingerprint must be TokenColumnInfo.FingerprintOf its JSON, and special ids must lie in its vocabulary of {tokens.VocabularySize} tokens.");
        EncoderState? start = options.Pretrained?.Model.State;
        if (tokens is null && start?.Tokens is null)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' does not say which tokenizer made it: make it with mlContext.Transforms.Text.TokenizeWordPieces.");
        if (start is not null && tokens is not null && tokens.VocabularySize > start.Network.VocabularySize)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' has a vocabulary of {tokens.VocabularySize} tokens, but the pre-trained model knows {start.Network.VocabularySize}: use the tokenizer that it was trained with.");
        EncoderOptions network = start is null ? Network(options.Network, tokens!.VocabularySize)
            : options.Dropout is { } dropout ? start.Network.WithDropout(dropout)
            : start.Network;
        return new EncoderState(network, options.TokensColumnName, options.TokenTypesColumnName, start?.Tokens ?? tokens, options.Pooling ?? start?.Pooling ?? EncoderPooling.Mean, options.ScoringBlockSize);
    }

    private static EncoderOptions Network(EncoderNetworkOptions options, int vocabularySize)
    {
        int? feedForwardWidth = options.FeedForwardWidth == 0 ? null : options.FeedForwardWidth;
        EncoderOptions network = options.Family == EncoderFamily.Bert
            ? EncoderOptions.Bert(vocabularySize, options.ContextLength, options.Width, options.Layers, options.Heads, feedForwardWidth, dropout: options.Dropout)
            : new EncoderOptions(
                vocabularySize, options.ContextLength, new TransformerOptions(options.Width, options.Layers, options.Heads, feedForwardWidth, Dropout: options.Dropout), HasEmbeddingNorm: false);
        return network with { HasLocalStem = options.LocalStem };
    }
}
