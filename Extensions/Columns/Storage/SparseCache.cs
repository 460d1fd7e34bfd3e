namespace MLNetExt.Columns;

/// <summary>Sparse rows kept one after another: the compressed-row form, in chunks.</summary>
internal sealed class SparseCache(SparseVectorCell cell) : SparseStore
{
    private const int ChunkEntries = 32 * 1024;
    private readonly ChunkedRows<Extent> _extents = new(width: 1);
    private readonly List<int[]> _indices = [];
    private readonly List<float[]> _values = [];
    private int _used;
    private long _entryBytes;

    public override long Bytes => _extents.Bytes + _entryBytes;

    public override void Put(int row)
    {
        int count = cell.Values.Length;
        // A row never straddles two chunks, so that reading it is one copy.
        if (_values.Count == 0 || _values[^1].Length - _used < count)
            AddChunk(Math.Max(ChunkEntries, count));
        cell.Indices.CopyTo(_indices[^1].AsSpan(_used));
        cell.Values.CopyTo(_values[^1].AsSpan(_used));
        _extents.Reach(row)[0] = new Extent(_values.Count - 1, _used, count);
        _used += count;
    }

    protected override ReadOnlySpan<int> Indices(int row) => _extents[row][0].Of(_indices);

    protected override ReadOnlySpan<float> Values(int row) => _extents[row][0].Of(_values);

    private void AddChunk(int entries)
    {
        _indices.Add(GC.AllocateUninitializedArray<int>(entries));
        _values.Add(GC.AllocateUninitializedArray<float>(entries));
        _entryBytes += EntryBytes * (long)entries;
        _used = 0;
    }

    private readonly record struct Extent(int Chunk, int Start, int Count)
    {
        public ReadOnlySpan<T> Of<T>(List<T[]> chunks) => chunks[Chunk].AsSpan(Start, Count);
    }
}
