using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

internal sealed class TokenCell(BoundColumn column) : ColumnCell(column)
{
    private ValueGetter<VBuffer<int>>? _getter;
    private VBuffer<int> _value;
    private int[] _dense = [];
    private int _count;

    /// <summary>The ids, cut to the column's greatest length.</summary>
    public ReadOnlySpan<int> Ids => _value.IsDense ? _value.GetValues()[.._count] : _dense.AsSpan(0, _count);

    public override long Bytes => TokenStore.RowBytes + sizeof(int) * (long)_count;

    public override void Attach(DataViewRow row) => _getter = row.GetGetter<VBuffer<int>>(Column.Source);

    public override void Read()
    {
        _getter!(ref _value);
        _count = Math.Min(_value.Length, Column.Definition.MaxLength);
        if (_value.IsDense)
            return;
        if (_dense.Length < _value.Length)
            _dense = new int[_value.Length];
        _value.CopyTo(_dense);
    }

    public override ColumnBlock CreateBlock(int capacity) => new TokenBlock(this, capacity);

    public override ColumnStore CreateCache() => new TokenCache(this);

    public override ColumnStore CreateSlots() => new TokenSlots(this);
}
