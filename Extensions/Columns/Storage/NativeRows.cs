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
        ScalarType type = typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Int64;
        _tensor = empty(shape, type, CPU).DetachFromDisposeScope();
        _data = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_tensor.bytes));
        _rows = shape[0];
        _width = shape.Length == 1 ? 1 : (int)shape[1];
    }

    public Span<T> Rows(int at, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)at + count, _rows);
        return new Span<T>(_data + (long)at * _width, count * _width);
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
}
