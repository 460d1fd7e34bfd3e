using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>What the first pass over the data found, and the rows themselves when they fit the budget.</summary>
internal sealed class ScannedRows
{
    private const long ShuffleBufferBytes = 32L << 20;

    private ScannedRows(IDataView data, IReadOnlyList<BoundColumn> columns)
    {
        Data = data;
        Columns = columns;
    }

    public IDataView Data { get; }

    public IReadOnlyList<BoundColumn> Columns { get; }

    /// <summary>Rows in the data.</summary>
    public long RowCount { get; private set; }

    /// <summary>Rows that the visitor left out.</summary>
    public RowMask LeftOut { get; } = new();

    public long KeptCount => RowCount - LeftOut.Count;

    /// <summary>The kept rows, or null when they did not fit.</summary>
    public RowTable? Cache { get; private set; }

    /// <summary>How many rows the shuffle looks ahead: about 32 MiB of them. It depends on the rows alone and not on the
    /// memory budget, so that cached and streamed epochs agree.</summary>
    public int ShuffleRows { get; private set; }

    public static ScannedRows Scan(
        IDataView data, IReadOnlyList<BoundColumn> columns, IRowVisitor? visitor, long budget, CancellationToken cancellation)
    {
        var scanned = new ScannedRows(data, columns);
        scanned.Read(visitor, budget, cancellation);
        return scanned;
    }

    /// <summary>Opens a cursor over the data's own order with only the needed columns active.</summary>
    public DataViewRowCursor OpenCursor() => Data.GetRowCursor(Columns.Select(column => column.Source));

    private void Read(IRowVisitor? visitor, long budget, CancellationToken cancellation)
    {
        var reader = new RowReader(Columns);
        RowTable? cache = budget > 0 ? new RowTable([.. reader.Cells.Select(cell => cell.CreateCache())]) : null;
        long bytes = 0;
        using DataViewRowCursor cursor = OpenCursor();
        reader.Attach(cursor);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            long row = RowCount++;
            reader.Read(row);
            if (visitor?.Visit(reader) == false)
            {
                LeftOut.Add(row);
                continue;
            }
            bytes += reader.RowBytes;
            cache?.Put(checked((int)(KeptCount - 1)));
            if (cache?.Bytes > budget)
            {
                cache = null;
                // The chunks are large and long-lived: without this they would stay until memory runs short.
                GC.Collect();
            }
        }
        Cache = cache;
        long rowBytes = Math.Max(1, bytes / Math.Max(1, KeptCount));
        ShuffleRows = (int)Math.Clamp(ShuffleBufferBytes / rowBytes, 64, 131072);
    }
}
