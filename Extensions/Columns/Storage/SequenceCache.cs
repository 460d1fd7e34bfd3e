namespace MLNetExt.Columns;

/// <summary>Rows of token ids kept one after another, in chunks.</summary>
internal sealed class TokenCache(TokenCell cell) : TokenStore
{
    private const int ChunkIds = 64 * 1024;
    private readonly ChunkedRows<Extent> _extents = new(width: 1);
    private readonly List<int[]> _chunks = [];
    private int _used;
    private long _idBytes;

    public override long Bytes => _extents.Bytes + _idBytes;

    public override void Put(int row)
    {
        ReadOnlySpan<int> ids = cell.Ids;
        // A row never straddles two chunks, so that reading it is one copy.
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < ids.Length)
        {
            _chunks.Add(GC.AllocateUninitializedArray<int>(Math.Max(ChunkIds, ids.Length)));
            _idBytes += sizeof(int) * (long)_chunks[^1].Length;
            _used = 0;
        }
        ids.CopyTo(_chunks[^1].AsSpan(_used));
        _extents.Reach(row)[0] = new Extent(_chunks.Count - 1, _used, ids.Length);
        _used += ids.Length;
    }

    public override ReadOnlySpan<int> Ids(int row)
    {
        Extent extent = _extents[row][0];
        return _chunks[extent.Chunk].AsSpan(extent.Start, extent.Count);
    }

    private readonly record struct Extent(int Chunk, int Start, int Count);
}
