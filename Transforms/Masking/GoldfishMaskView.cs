using Microsoft.ML;

namespace MLNetExt.Masking;

/// <summary>A data view with a goldfish mask added, which is made row by row when it is asked for.</summary>
internal sealed class GoldfishMaskView(IDataView source, GoldfishColumns columns) : IDataView
{
    public bool CanShuffle => source.CanShuffle && !columns.DependOnPosition;

    public DataViewSchema Schema => columns.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return new GoldfishCursor(source.GetRowCursor(columns.Needed(active), CanShuffle ? rand : null), columns, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return columns.DependOnPosition
            ? [GetRowCursor(active, rand)]
            : [.. source.GetRowCursorSet(columns.Needed(active), n, CanShuffle ? rand : null).Select(cursor => new GoldfishCursor(cursor, columns, active))];
    }
}
