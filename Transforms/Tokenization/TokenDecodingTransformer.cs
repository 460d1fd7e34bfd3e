using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;

namespace MLNetExt.Tokenization;

/// <summary>Adds the text of a token column. The tokenizer is the one in the column's annotations. Thread-safe.</summary>
[LoadableComponent("MLNetExt.TokenDecoding")]
public sealed class TokenDecodingTransformer : BlockScoringTransformer, ILoadableTransformer<TokenDecodingTransformer>
{
    private readonly TokenizationState _state;
    private TextTokenizer? _last;

    internal TokenDecodingTransformer(TokenizationState state) => _state = state;

    /// <inheritdoc/>
    /// <remarks>Rows are decoded one by one, and a block is padded to its longest row: large blocks cost memory and gain nothing.</remarks>
    protected override int BlockRows => 8;

    /// <inheritdoc/>
    public static TokenDecodingTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new TokenDecodingTransformer(reader.ReadState<TokenizationState>());
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteState(_state);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The column is missing, holds no tokens, or does not name its tokenizer.</exception>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        BoundColumn column = BatchColumn.Tokens(_state.InputColumnName).Bind(inputSchema);
        TokenColumnInfo tokens = TokenAnnotations.Of(column.Source) ?? throw new ArgumentOutOfRangeException(
            nameof(inputSchema), $"Column '{column.Name}' does not say which tokenizer made it: use a column that Text.TokenizeBytePairs or Text.TokenizeWordPieces adds.");
        TextTokenizer? tokenizer = _last;
        if (tokenizer?.Fingerprint != tokens.Fingerprint)
            _last = tokenizer = TextTokenizer.FromJson(tokens.TokenizerJson);
        return new TokenDecodingScorer(tokenizer!, _state, inputSchema, () => IsDisposed);
    }
}
