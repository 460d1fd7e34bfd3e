using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

namespace MLNetExt.Chunking;

/// <summary>Cuts documents of tokens into rows of a limited length. Thread-safe; needs no torch.</summary>
[LoadableComponent("MLNetExt.ChunkTokens")]
public sealed class ChunkTokensTransformer : ComponentTransformer, ILoadableTransformer<ChunkTokensTransformer>
{
    private readonly ChunkTokensState _state;

    internal ChunkTokensTransformer(ChunkTokensState state) => _state = state;

    /// <summary>The most targets of a row.</summary>
    public int Length => _state.Length;

    /// <inheritdoc/>
    /// <remarks>Always false: rows are not documents.</remarks>
    public override bool IsRowToRowMapper => false;

    /// <inheritdoc/>
    public static ChunkTokensTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ChunkTokensTransformer(reader.ReadState<ChunkTokensState>());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <remarks>Documents are read one after the other, whenever rows are asked for; only the columns that are wanted, and the tokens. Reading throws
    /// <see cref="InvalidDataException"/> when a token is negative or outside the vocabulary that the column's annotations name, or when an aligned column is not as
    /// long as the tokens; the message names the row.</remarks>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ChunkView(input, Bind(input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always: see <see cref="IsRowToRowMapper"/>.</exception>
    public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException("ChunkTokens makes several rows of one: it has no row mapper, and no prediction engine works behind it. Use Transform.");

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteState(_state);
    }

    private ChunkColumns Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new ChunkColumns(_state, inputSchema, () => ObjectDisposedException.ThrowIf(IsDisposed, this));
    }
}
