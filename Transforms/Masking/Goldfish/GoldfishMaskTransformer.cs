using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

namespace MLNetExt.Masking;

/// <summary>Adds a loss mask to a token column. Thread-safe; needs no torch.</summary>
[LoadableComponent("MLNetExt.GoldfishMask")]
public sealed class GoldfishMaskTransformer : TokenColumnsTransformer, ILoadableTransformer<GoldfishMaskTransformer>
{
    private readonly GoldfishMaskState _state;

    internal GoldfishMaskTransformer(GoldfishMaskState state) => _state = state;

    /// <summary>What decides the mask.</summary>
    public GoldfishRule Rule => _state.Rule;

    /// <inheritdoc/>
    public static GoldfishMaskTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new GoldfishMaskTransformer(reader.ReadState<GoldfishMaskState>());
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteState(_state);
    }

    private protected override TokenColumns Bind(DataViewSchema inputSchema, Action checkAlive) => new GoldfishColumns(_state, inputSchema, checkAlive);
}
