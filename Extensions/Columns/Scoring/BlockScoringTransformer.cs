using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;

namespace MLNetExt.Columns;

/// <summary>The base of a savable transformer that computes its output columns row by row, in blocks.</summary>
public abstract class BlockScoringTransformer : ComponentTransformer
{
    /// <inheritdoc/>
    public override bool IsRowToRowMapper => true;

    /// <summary>Rows per call of the scorer when a whole view is transformed; at least 1.</summary>
    protected virtual int BlockRows => BlockScoringView.DefaultBlockRows;

    /// <summary>Binds the transformer to the data's schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    protected abstract BlockScorer Bind(DataViewSchema inputSchema);

    /// <inheritdoc/>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockScoringView(input, Bind(input.Schema), BlockRows);
    }

    /// <inheritdoc/>
    public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new BlockRowMapper(Bind(inputSchema));
}
