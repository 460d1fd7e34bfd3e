using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>A data view with a scorer's outputs added. It reads ahead, so that the scorer sees many rows at once.</summary>
/// <remarks>
/// The source's own columns stay lazy: they come from a second cursor that is opened only when one of them is wanted and moves row
/// by row. When no output is wanted nothing is scored. The rows cannot be shuffled: both cursors must keep one order.
/// </remarks>
public sealed class BlockScoringView : IDataView
{
    /// <summary>The rows scored at once by default.</summary>
    public const int DefaultBlockRows = 256;

    private readonly IDataView _source;
    private readonly BlockScorer _scorer;
    private readonly int _blockRows;

    /// <summary>Scores a data view.</summary>
    /// <param name="source">The data, which gives the same rows in the same order each time it is read.</param>
    /// <param name="scorer">The scorer, bound to the data's schema.</param>
    /// <param name="blockRows">How many rows to score at once, at least 1.</param>
    /// <exception cref="ArgumentException">The scorer is bound to another schema.</exception>
    public BlockScoringView(IDataView source, BlockScorer scorer, int blockRows = DefaultBlockRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockRows, 1);
        if (source.Schema != scorer.InputSchema)
            throw new ArgumentException("The scorer is bound to another schema than the data's.", nameof(scorer));
        _source = source;
        _scorer = scorer;
        _blockRows = blockRows;
    }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema => _scorer.OutputSchema;

    /// <inheritdoc/>
    public long? GetRowCount() => _source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new BlockScoringCursor(_source, _scorer, _scorer.Activate(columnsNeeded), _blockRows);

    /// <inheritdoc/>
    /// <remarks>The set is one cursor: libtorch spreads each block over the processors itself.</remarks>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
