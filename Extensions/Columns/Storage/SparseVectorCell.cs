using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

internal sealed class SparseVectorCell(BoundColumn column) : ColumnCell(column), IVectorCell
{
    private readonly VectorValue _value = new(column);
    private int[] _indices = [];
    private float[] _values = [];
    private int _count;

    public ref readonly VBuffer<float> Vector => ref _value.Current;

    /// <summary>The slots that are not zero, ascending.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _count);

    /// <summary>The values in those slots.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, _count);

    public override long Bytes => SparseStore.RowBytes + SparseStore.EntryBytes * (long)_count;

    public override void Attach(DataViewRow row) => _value.Attach(row);

    public override void Read()
    {
        _value.Read();
        ReadOnlySpan<float> values = _value.Current.GetValues();
        ReadOnlySpan<int> indices = _value.Current.GetIndices();
        bool isDense = _value.Current.IsDense;
        if (_values.Length < values.Length)
        {
            _values = new float[values.Length];
            _indices = new int[values.Length];
        }
        _count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == 0)
                continue;
            _indices[_count] = isDense ? i : indices[i];
            _values[_count++] = values[i];
        }
    }

    public override ColumnBlock CreateBlock(int capacity) => new SparseBlock(this, capacity);

    public override ColumnStore CreateCache() => new SparseCache(this);

    public override ColumnStore CreateSlots() => new SparseSlots(this);
}
