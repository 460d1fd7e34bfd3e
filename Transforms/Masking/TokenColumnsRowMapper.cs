using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Masking;

/// <summary>Adds columns to single rows, as a prediction engine does.</summary>
internal sealed class TokenColumnsRowMapper(TokenColumns columns) : IRowToRowMapper
{
    public DataViewSchema InputSchema => columns.InputSchema;

    public DataViewSchema OutputSchema => columns.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => columns.Needed(dependingColumns);

    /// <exception cref="ArgumentException">The row has another schema.</exception>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => input.Schema == InputSchema
        ? new TokenColumnsRow(input, columns, activeColumns)
        : throw new ArgumentException("The row has another schema than the one the mapper is bound to.", nameof(input));
}
