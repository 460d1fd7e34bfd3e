using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>A row of values of varying length, each of which belongs to a token.</summary>
internal abstract class SequenceCell<T>(BoundColumn column) : ColumnCell(column)
    where T : unmanaged
{
    private ValueGetter<VBuffer<T>>? _getter;
    private VBuffer<T> _value;
    private T[] _dense = [];
    private int _count;

    /// <summary>The values, cut to the column's greatest length.</summary>
    public ReadOnlySpan<T> Values => _value.IsDense ? _value.GetValues()[.._count] : _dense.AsSpan(0, _count);

    public override long Bytes => SequenceStore<T>.RowBytes + Unsafe.SizeOf<T>() * (long)_count;

    public override void Attach(DataViewRow row) => _getter = row.GetGetter<VBuffer<T>>(Column.Source);

    public override void Read()
    {
        _getter!(ref _value);
        _count = Math.Min(_value.Length, Column.Definition.MaxLength);
        if (_value.IsDense)
            return;
        if (_dense.Length < _value.Length)
            _dense = new T[_value.Length];
        _value.CopyTo(_dense);
    }

    public override ColumnStore CreateCache() => new SequenceCache<T>(this);

    public override ColumnStore CreateSlots() => new SequenceSlots<T>(this);
}
