using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Networks;

namespace MLNetExt.LanguageModeling;

/// <summary>Chooses the network from the options and what the token column says of its tokenizer.</summary>
internal static class CausalChoice
{
    private const string EndRole = "eos";

    /// <exception cref="ArgumentException">The column does not name its tokenizer, or not that of the pre-trained model.</exception>
    public static CausalState State(CausalLanguageModelOptions options, DataViewSchema schema)
    {
        TokenColumnInfo? tokens = TokenAnnotations.Of(schema[options.TokensColumnName]);
        if (tokens?.IsConsistent() == false)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' describes its tokenizer wrongly: the fingerprint must be TokenColumnInfo.FingerprintOf its JSON, and special ids must lie in its vocabulary of {tokens.VocabularySize} tokens.");
        if (options.Pretrained is { } pretrained)
            return GoingOn(pretrained.Model.State, tokens, options);
        if (tokens is null)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' does not say which tokenizer made it: make it with mlContext.Transforms.Text.TokenizeBytePairs.");
        return new CausalState(Network(options.Network, tokens.VocabularySize), options.TokensColumnName, tokens, EndOf(tokens), options.ScoringBlockSize);
    }

    private static CausalState GoingOn(CausalState state, TokenColumnInfo? tokens, CausalLanguageModelOptions options)
    {
        if (state.Tokens is null && tokens is not null && tokens.VocabularySize > state.Network.VocabularySize)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' has a vocabulary of {tokens.VocabularySize} tokens, but the pre-trained model knows {state.Network.VocabularySize}: use the tokenizer that it was trained with.");
        return state with
        {
            TokensColumn = options.TokensColumnName,
            ScoringBlockSize = options.ScoringBlockSize,
            Tokens = state.Tokens ?? tokens,
            EndId = state.EndId ?? (tokens is null ? null : EndOf(tokens)),
        };
    }

    private static DecoderOptions Network(CausalNetworkOptions options, int vocabularySize)
    {
        int? feedForwardWidth = OwnIfZero(options.FeedForwardWidth);
        DecoderOptions network = options.Family == DecoderFamily.Gpt2
            ? DecoderOptions.Gpt2(vocabularySize, options.ContextLength, options.Width, options.Layers, options.Heads, feedForwardWidth, options.Dropout)
            : DecoderOptions.Llama(
                vocabularySize,
                options.ContextLength,
                options.Width,
                options.Layers,
                options.Heads,
                feedForwardWidth,
                OwnIfZero(options.KeyValueHeads),
                options.RotaryTheta,
                dropout: options.Dropout);
        return network with { IsHeadTied = options.TieEmbeddings };
    }

    private static int? OwnIfZero(int size) => size == 0 ? null : size;

    private static int? EndOf(TokenColumnInfo tokens) => tokens.SpecialTokens.TryGetValue(EndRole, out int id) ? id : null;
}
