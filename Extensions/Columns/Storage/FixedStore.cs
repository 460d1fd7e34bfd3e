namespace MLNetExt.Columns;

/// <summary>Rows of a fixed number of elements: dense vectors, scalars, keys and texts.</summary>
internal sealed class FixedStore<T>(FixedCell<T> cell) : ColumnStore
{
    private readonly ChunkedRows<T> _rows = new(cell.Column.Width);
    private long _heapBytes;

    public override long Bytes => _rows.Bytes + _heapBytes;

    public override void Put(int row)
    {
        cell.CopyTo(_rows.Reach(row));
        _heapBytes += cell.HeapBytes;
    }

    public override void Gather(ReadOnlySpan<int> rows, ColumnBlock block, int at)
    {
        int width = cell.Column.Width;
        Span<T> target = ((FixedBlock<T>)block).Rows(at, rows.Length);
        if (width == 1)
        {
            for (int i = 0; i < rows.Length; i++)
                target[i] = _rows[rows[i]][0];
            return;
        }
        for (int i = 0; i < rows.Length; i++)
            _rows[rows[i]].CopyTo(target.Slice(i * width, width));
    }
}
