namespace MLNetExt.Columns;

/// <summary>An epoch over rows in memory.</summary>
internal sealed class CachedEpoch : IEpochReader
{
    private readonly RowTable _cache;
    private readonly int[]? _rows;
    private readonly int _rowCount;
    private readonly ShuffleBuffer? _shuffle;
    private readonly LengthBuckets? _buckets;
    private int[] _order = [];
    private int _next;
    private int _drawn;

    /// <param name="cache">All cached rows.</param>
    /// <param name="rows">Those to read, or null for all.</param>
    /// <param name="rowCount">How many they are.</param>
    /// <param name="shuffle">The shuffle, restarted for this epoch; null for the data's order.</param>
    /// <param name="buckets">The buckets, restarted for this epoch; null when rows come as they are drawn.</param>
    public CachedEpoch(RowTable cache, int[]? rows, int rowCount, ShuffleBuffer? shuffle, LengthBuckets? buckets)
    {
        _cache = cache;
        _rows = rows;
        _rowCount = rowCount;
        _shuffle = shuffle;
        _buckets = buckets;
        if (shuffle is null)
            return;
        while (_next < rowCount && !shuffle.IsFull)
            shuffle.Add(_next++);
    }

    public void Fill(BatchBuffer batch, int rows)
    {
        if (_order.Length < rows)
            _order = new int[rows];
        for (int i = 0; i < rows; i++)
            _order[i] = Advance();
        _cache.Gather(_order.AsSpan(0, rows), batch, at: 0);
    }

    public void Skip(long rows)
    {
        for (long i = 0; i < rows; i++)
            Advance();
    }

    public void Dispose()
    {
        // The cache outlives the epoch.
    }

    private int Advance()
    {
        if (_buckets is null)
            return Draw();
        if (_buckets.IsEmpty)
        {
            _buckets.Fill(Math.Min(_buckets.Capacity, _rowCount - _drawn), () =>
            {
                int row = Draw();
                return (row, _cache.TokenCount(_buckets.Column, row));
            });
        }
        return _buckets.Next();
    }

    /// <summary>Draws a row of the cache.</summary>
    private int Draw()
    {
        _drawn++;
        if (_shuffle is null)
            return Cached(_next++);
        int position = _shuffle.Draw();
        if (_next < _rowCount)
            _shuffle.Replace(_next++);
        else
            _shuffle.Remove();
        return Cached(position);
    }

    private int Cached(int position) => _rows is null ? position : _rows[position];
}
