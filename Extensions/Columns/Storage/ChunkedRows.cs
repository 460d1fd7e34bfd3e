using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetExt.Columns;

/// <summary>A list of rows of <paramref name="width"/> elements each, in chunks, so that growing never copies.</summary>
internal sealed class ChunkedRows<T>(int width)
{
    private const int ChunkBytes = 256 * 1024;
    private readonly int _shift = BitOperations.Log2((uint)Math.Max(1, ChunkBytes / ((long)width * Unsafe.SizeOf<T>())));
    private T[][] _chunks = [];
    private int _chunkCount;

    public long Bytes { get; private set; }

    /// <summary>A row that is there.</summary>
    public Span<T> this[int row] => _chunks[row >> _shift].AsSpan((row & ((1 << _shift) - 1)) * width, width);

    /// <summary>A row that is there, or the one after the last.</summary>
    public Span<T> Reach(int row)
    {
        if (row >> _shift == _chunkCount)
            AddChunk();
        return this[row];
    }

    private void AddChunk()
    {
        if (_chunkCount == _chunks.Length)
            Array.Resize(ref _chunks, Math.Max(16, 2 * _chunks.Length));
        T[] chunk = GC.AllocateUninitializedArray<T>(width << _shift);
        _chunks[_chunkCount++] = chunk;
        Bytes += (long)chunk.Length * Unsafe.SizeOf<T>();
    }
}
