using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

namespace MLNetExt.Masking;

/// <summary>Adds what a masked language model reads and predicts of a token column, in a fixed epoch. Thread-safe; needs no torch.</summary>
[LoadableComponent("MLNetExt.MaskTokens")]
public sealed class MaskTokensTransformer : TokenColumnsTransformer, ILoadableTransformer<MaskTokensTransformer>
{
    private readonly MaskTokensState _state;

    internal MaskTokensTransformer(MaskTokensState state) => _state = state;

    /// <summary>How many tokens are predicted, and what is read in their place.</summary>
    public MaskRule Rule => _state.Rule;

    /// <inheritdoc/>
    public static MaskTokensTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new MaskTokensTransformer(reader.ReadState<MaskTokensState>());
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteState(_state);
    }

    private protected override TokenColumns Bind(DataViewSchema inputSchema, Action checkAlive) => new MaskTokensColumns(_state, inputSchema, checkAlive);
}
