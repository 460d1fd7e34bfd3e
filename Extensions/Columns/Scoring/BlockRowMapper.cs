using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>Scores single rows, as <see cref="PredictionEngine{TSrc, TDst}"/> does, with the scorer that scores blocks.</summary>
public sealed class BlockRowMapper : IRowToRowMapper
{
    private readonly BlockScorer _scorer;

    /// <summary>Makes a mapper over the scorer's input schema.</summary>
    public BlockRowMapper(BlockScorer scorer) => _scorer = scorer;

    /// <inheritdoc/>
    public DataViewSchema InputSchema => _scorer.InputSchema;

    /// <inheritdoc/>
    public DataViewSchema OutputSchema => _scorer.OutputSchema;

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _scorer.Activate(dependingColumns).Needed;

    /// <inheritdoc/>
    /// <remarks>All outputs of a row come from one forward pass: the row is scored again when its
    /// <see cref="DataViewRow.Position"/> changes, as ML.NET asks of every row whose values change.</remarks>
    /// <exception cref="ArgumentException">The row has another schema.</exception>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
            throw new ArgumentException("The row has another schema than the one the mapper is bound to.", nameof(input));
        return new BlockScoredRow(input, _scorer, _scorer.Activate(activeColumns));
    }
}
