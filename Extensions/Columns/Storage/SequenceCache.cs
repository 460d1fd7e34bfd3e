using System.Runtime.CompilerServices;

namespace MLNetExt.Columns;

/// <summary>Rows of varying length kept one after another, in chunks.</summary>
internal sealed class SequenceCache<T>(SequenceCell<T> cell) : SequenceStore<T>
    where T : unmanaged
{
    private const int ChunkValues = 64 * 1024;
    private readonly ChunkedRows<Extent> _extents = new(width: 1);
    private readonly List<T[]> _chunks = [];
    private int _used;
    private long _valueBytes;

    public override long Bytes => _extents.Bytes + _valueBytes;

    public override void Put(int row)
    {
        ReadOnlySpan<T> values = cell.Values;
        // A row never straddles two chunks, so that reading it is one copy.
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < values.Length)
        {
            _chunks.Add(GC.AllocateUninitializedArray<T>(Math.Max(ChunkValues, values.Length)));
            _valueBytes += Unsafe.SizeOf<T>() * (long)_chunks[^1].Length;
            _used = 0;
        }
        values.CopyTo(_chunks[^1].AsSpan(_used));
        _extents.Reach(row)[0] = new Extent(_chunks.Count - 1, _used, values.Length);
        _used += values.Length;
    }

    public override ReadOnlySpan<T> Values(int row)
    {
        Extent extent = _extents[row][0];
        return _chunks[extent.Chunk].AsSpan(extent.Start, extent.Count);
    }

    private readonly record struct Extent(int Chunk, int Start, int Count);
}
