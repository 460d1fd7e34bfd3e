using Microsoft.ML;

namespace MLNetExt.Masking;

/// <summary>A data view with columns added, which are made row by row when they are asked for.</summary>
internal sealed class TokenColumnsView(IDataView source, TokenColumns columns) : IDataView
{
    public bool CanShuffle => source.CanShuffle && !columns.DependOnPosition;

    public DataViewSchema Schema => columns.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return new TokenColumnsCursor(source.GetRowCursor(columns.Needed(active), CanShuffle ? rand : null), columns, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return columns.DependOnPosition
            ? [GetRowCursor(active, rand)]
            : [.. source.GetRowCursorSet(columns.Needed(active), n, CanShuffle ? rand : null).Select(cursor => new TokenColumnsCursor(cursor, columns, active))];
    }
}
