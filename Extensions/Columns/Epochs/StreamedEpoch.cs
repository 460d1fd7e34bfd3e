using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>An epoch read from the data through a cursor, in the data's order.</summary>
internal sealed class StreamedEpoch(ScannedRows scanned, RowSelection selection, RowReader reader, long rowCount) : IEpochReader
{
    private DataViewRowCursor? _cursor;
    private long _row = -1;
    private long _delivered;

    public void Fill(BatchBuffer batch, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            Read();
            batch.Write(i);
        }
    }

    public void Skip(long rows)
    {
        for (long i = 0; i < rows; i++)
            Advance();
    }

    /// <summary>Whether another row is to come.</summary>
    public bool HasNext => Remaining > 0;

    /// <summary>How many rows are to come.</summary>
    public long Remaining => rowCount - _delivered;

    /// <summary>Reads the next row.</summary>
    public void Read()
    {
        Advance();
        reader.Read(_row);
    }

    public void Dispose() => _cursor?.Dispose();

    private void Advance()
    {
        if (_cursor is null)
        {
            _cursor = scanned.OpenCursor();
            reader.Attach(_cursor);
        }
        do
        {
            if (!_cursor.MoveNext())
                throw new InvalidOperationException(
                    $"The data had {scanned.RowCount} rows when it was first read and now has {_row + 1}. "
                    + "Data that changes between passes must be cached: mlContext.Data.Cache(data).");
            _row++;
        }
        while (!selection.Contains(_row));
        _delivered++;
    }
}
