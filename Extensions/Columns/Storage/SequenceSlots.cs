using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetExt.Columns;

/// <summary>Rows of varying length that are overwritten: each slot keeps its array while a row needs about that much.</summary>
/// <remarks>A slot that once held a long row must not stay as large: in time all of them would.</remarks>
internal sealed class SequenceSlots<T>(SequenceCell<T> cell) : SequenceStore<T>
    where T : unmanaged
{
    private readonly List<(T[] Values, int Count)> _slots = [];
    private long _valueBytes;

    public override long Bytes => _slots.Count * (long)RowBytes + _valueBytes;

    public override void Put(int row)
    {
        if (row == _slots.Count)
            _slots.Add(([], 0));
        ReadOnlySpan<T> values = cell.Values;
        T[] slot = _slots[row].Values;
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)values.Length);
        if (slot.Length < values.Length || slot.Length > 2 * (long)capacity)
        {
            _valueBytes += Unsafe.SizeOf<T>() * (long)(capacity - slot.Length);
            slot = new T[capacity];
        }
        values.CopyTo(slot);
        _slots[row] = (slot, values.Length);
    }

    public override ReadOnlySpan<T> Values(int row) => _slots[row].Values.AsSpan(0, _slots[row].Count);
}
