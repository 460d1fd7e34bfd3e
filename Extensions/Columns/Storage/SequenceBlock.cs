using System.Numerics;
using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>A block of rows of varying length, padded with 0 when it is handed over; its memory grows to the largest batch and stays.</summary>
/// <typeparam name="T">The type of the data.</typeparam>
/// <typeparam name="TTensor">The type of the tensor.</typeparam>
internal abstract class SequenceBlock<T, TTensor>(SequenceCell<T> cell, int capacity) : ColumnBlock, ISequenceBlock<T>
    where T : unmanaged, INumber<T>
    where TTensor : unmanaged, INumber<TTensor>
{
    private const int FirstValues = 1024;
    private readonly NativeRows<long> _lengths = new(capacity);
    private NativeRows<TTensor> _padded = new(FirstValues);
    private int _paddedCapacity = FirstValues;
    private T[] _values = new T[FirstValues];
    private int _count;
    private Tensor? _view;

    public override void Write(int row) => Append(row, cell.Values);

    public void Append(int row, ReadOnlySpan<T> values)
    {
        if (row == 0)
            _count = 0;
        int end = checked(_count + values.Length);
        if (end > _values.Length)
            Array.Resize(ref _values, checked((int)BitOperations.RoundUpToPowerOf2((uint)end)));
        values.CopyTo(_values.AsSpan(_count));
        _lengths.Rows(row, 1)[0] = values.Length;
        _count = end;
    }

    public override void AddTo(BatchParts parts, int rows)
    {
        ReadOnlySpan<long> lengths = _lengths.Rows(0, rows);
        int width = 1;
        foreach (long length in lengths)
            width = Math.Max(width, (int)length);
        Span<TTensor> padded = Reserve(checked(rows * width));
        ReadOnlySpan<T> values = _values;
        for (int row = 0; row < rows; row++)
        {
            int length = (int)lengths[row];
            Span<TTensor> target = padded.Slice(row * width, width);
            for (int i = 0; i < length; i++)
                target[i] = TTensor.CreateTruncating(values[i]);
            target[length..].Clear();
            values = values[length..];
        }
        _view = _padded.View(padded.Length).view(rows, width).DetachFromDisposeScope();
        Add(parts, cell.Column.Name, _view, _lengths.View(rows));
    }

    /// <summary>Adds the padded rows, <c>[rows, longest]</c>, and how long each was.</summary>
    protected abstract void Add(BatchParts parts, string column, Tensor padded, Tensor lengths);

    public override void Dispose()
    {
        _view?.Dispose();
        _lengths.Dispose();
        _padded.Dispose();
    }

    /// <summary>Memory for so many values. It ends the view that was handed over before.</summary>
    private Span<TTensor> Reserve(int count)
    {
        _view?.Dispose();
        _view = null;
        if (count > _paddedCapacity)
        {
            int larger = checked((int)BitOperations.RoundUpToPowerOf2((uint)count));
            var padded = new NativeRows<TTensor>(larger);
            _padded.Dispose();
            (_padded, _paddedCapacity) = (padded, larger);
        }
        return _padded.Rows(0, count);
    }
}
