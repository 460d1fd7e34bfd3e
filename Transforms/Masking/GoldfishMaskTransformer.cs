using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

namespace MLNetExt.Masking;

/// <summary>Adds a loss mask to a token column. Thread-safe; needs no torch.</summary>
[LoadableComponent("MLNetExt.GoldfishMask")]
public sealed class GoldfishMaskTransformer : ComponentTransformer, ILoadableTransformer<GoldfishMaskTransformer>
{
    private readonly GoldfishMaskState _state;

    internal GoldfishMaskTransformer(GoldfishMaskState state) => _state = state;

    /// <summary>What decides the mask.</summary>
    public GoldfishRule Rule => _state.Rule;

    /// <inheritdoc/>
    public override bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public static GoldfishMaskTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new GoldfishMaskTransformer(reader.ReadState<GoldfishMaskState>());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <remarks>Reading a row throws <see cref="InvalidDataException"/> when a token is negative or outside the vocabulary that the column's annotations
    /// name, or when the document ids are not as many as the tokens; the message names the row.</remarks>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new GoldfishMaskView(input, Bind(input.Schema));
    }

    /// <inheritdoc/>
    public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new GoldfishRowMapper(Bind(inputSchema));

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteState(_state);
    }

    private GoldfishColumns Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new GoldfishColumns(_state, inputSchema, () => ObjectDisposedException.ThrowIf(IsDisposed, this));
    }
}
