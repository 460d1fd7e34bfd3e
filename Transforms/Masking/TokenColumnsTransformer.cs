using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;

namespace MLNetExt.Masking;

/// <summary>The base of the transformers that add columns made of a row's tokens. They are thread-safe and need no torch.</summary>
public abstract class TokenColumnsTransformer : ComponentTransformer
{
    private protected TokenColumnsTransformer()
    {
    }

    /// <inheritdoc/>
    public sealed override bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => BindAlive(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <remarks>Reading a row throws <see cref="InvalidDataException"/>, which names the row, when a token is negative or outside the vocabulary that the column's
    /// annotations name, or when the row does not go with the options.</remarks>
    public sealed override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new TokenColumnsView(input, BindAlive(input.Schema));
    }

    /// <inheritdoc/>
    public sealed override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new TokenColumnsRowMapper(BindAlive(inputSchema));

    private protected abstract TokenColumns Bind(DataViewSchema inputSchema, Action checkAlive);

    private TokenColumns BindAlive(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return Bind(inputSchema, () => ObjectDisposedException.ThrowIf(IsDisposed, this));
    }
}
