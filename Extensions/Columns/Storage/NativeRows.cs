using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>A contiguous CPU tensor whose memory is written as a span, and narrowed views of its first rows.</summary>
/// <remarks>Neither the tensor nor its views belong to the dispose scope they happen to be made in: they outlive it.</remarks>
internal sealed unsafe class NativeRows<T> : IDisposable
    where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly T* _data;
    private readonly long _rows;
    private readonly int _width;
    private Tensor? _view;

    public NativeRows(params ReadOnlySpan<long> shape)
    {
        _rows = shape[0];
        _width = 1;
        foreach (long size in shape[1..])
            _width = checked(_width * (int)size);
        long bytes = checked(_rows * _width * sizeof(T));
        if (bytes > int.MaxValue)
            throw new ArgumentException(
                $"A block of {_rows} rows takes {bytes / (1 << 20)} MiB in one column, of which at most 2,047 MiB can be held: take fewer rows at a time, smaller images, or shorter token rows (MaxLength).");
        _tensor = empty(shape, ElementType(), CPU).DetachFromDisposeScope();
        _data = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_tensor.bytes));
    }

    public Span<T> Rows(int at, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)at + count, _rows);
        return new Span<T>(_data + (long)at * _width, checked(count * _width));
    }

    /// <summary>The first rows as a tensor that shares this memory. It ends the view that was given before.</summary>
    public Tensor View(long rows)
    {
        _view?.Dispose();
        _view = null;
        if (rows == _rows)
            return _tensor;
        return _view = _tensor.narrow(0, 0, rows).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        _view?.Dispose();
        _tensor.Dispose();
    }

    private static ScalarType ElementType() =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(byte) ? ScalarType.Byte
        : typeof(T) == typeof(bool) ? ScalarType.Bool
        : ScalarType.Int64;
}
