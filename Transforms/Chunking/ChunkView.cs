using Microsoft.ML;

namespace MLNetExt.Chunking;

/// <summary>The rows that documents are cut into, made whenever they are asked for. How many there are is not known before.</summary>
internal sealed class ChunkView(IDataView source, ChunkColumns columns) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => columns.OutputSchema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new ChunkCursor(source, columns, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
