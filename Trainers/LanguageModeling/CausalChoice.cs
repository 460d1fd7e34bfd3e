using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Tokenization;

namespace MLNetExt.LanguageModeling;

/// <summary>Chooses the network from the options and what the token column says of its tokenizer.</summary>
internal static class CausalChoice
{
    private const string EndRole = "eos";

    /// <exception cref="ArgumentException">The column does not name its tokenizer, or not that of the pre-trained model, or its tokens are word pieces.</exception>
    public static CausalState State(CausalLanguageModelOptions options, DataViewSchema schema)
    {
        TokenColumnInfo? tokens = TokenAnnotations.Of(schema[options.TokensColumnName]);
        if (tokens?.IsConsistent() == false)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' describes its tokenizer wrongly: the fingerprint must be TokenColumnInfo.FingerprintOf its JSON, and special ids must lie in its vocabulary of {tokens.VocabularySize} tokens.");
        if (tokens is not null && WordPieceTokenizer.Made(tokens))
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' was made by Text.TokenizeWordPieces, whose tokens do not say how a text is spaced and end no text: a model that writes needs mlContext.Transforms.Text.TokenizeBytePairs.");
        if (options.Pretrained is { } pretrained)
            return GoingOn(pretrained.Model.State, tokens, options);
        if (tokens is null)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' does not say which tokenizer made it: make it with mlContext.Transforms.Text.TokenizeBytePairs.");
        return new CausalState(Network(options.Network, tokens.VocabularySize), options.TokensColumnName, tokens, EndsOf(tokens), options.ScoringBlockSize, Adapters: null);
    }

    private static CausalState GoingOn(CausalState state, TokenColumnInfo? tokens, CausalLanguageModelOptions options)
    {
        if (state.Tokens is null && tokens is not null && tokens.VocabularySize > state.Network.VocabularySize)
            throw new ArgumentException(
                $"Column '{options.TokensColumnName}' has a vocabulary of {tokens.VocabularySize} tokens, but the pre-trained model knows {state.Network.VocabularySize}: use the tokenizer that it was trained with.");
        return state with
        {
            Network = options.Dropout is { } dropout ? state.Network with { Transformer = state.Network.Transformer with { Dropout = dropout } } : state.Network,
            TokensColumn = options.TokensColumnName,
            ScoringBlockSize = options.ScoringBlockSize,
            Adapters = options.Adapters is { Merge: false } adapters ? adapters.Shape : null,
            Tokens = state.Tokens ?? tokens,
            EndIds = state.EndIds.Count > 0 || tokens is null ? state.EndIds : EndsOf(tokens),
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

    private static int[] EndsOf(TokenColumnInfo tokens) => tokens.SpecialTokens.TryGetValue(EndRole, out int id) ? [id] : [];
}
