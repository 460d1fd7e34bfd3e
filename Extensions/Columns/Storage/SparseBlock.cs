using System.Numerics;

namespace MLNetExt.Columns;

/// <summary>A block of sparse rows; its memory grows to the largest batch and stays.</summary>
internal sealed class SparseBlock(SparseVectorCell cell, int capacity) : ColumnBlock
{
    private const int FirstEntries = 1024;
    private readonly NativeRows<long> _offsets = new(capacity);
    private NativeRows<long> _indices = new(FirstEntries);
    private NativeRows<float> _values = new(FirstEntries);
    private int _capacity = FirstEntries;
    private int _count;

    public override void Write(int row) => Append(row, cell.Indices, cell.Values);

    public void Append(int row, ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        if (row == 0)
            _count = 0;
        if (_capacity - _count < values.Length)
            Grow(_count + values.Length);
        _offsets.Rows(row, 1)[0] = _count;
        values.CopyTo(_values.Rows(_count, values.Length));
        Span<long> target = _indices.Rows(_count, values.Length);
        for (int i = 0; i < indices.Length; i++)
            target[i] = indices[i];
        _count += values.Length;
    }

    public override void AddTo(BatchParts parts, int rows) => parts.Sparse[cell.Column.Name] =
        new SparseRows(_offsets.View(rows), _indices.View(_count), _values.View(_count), cell.Column.Width);

    public override void Dispose()
    {
        _offsets.Dispose();
        _indices.Dispose();
        _values.Dispose();
    }

    private void Grow(int needed)
    {
        int capacity = checked((int)BitOperations.RoundUpToPowerOf2((uint)needed));
        var indices = new NativeRows<long>(capacity);
        var values = new NativeRows<float>(capacity);
        _indices.Rows(0, _count).CopyTo(indices.Rows(0, _count));
        _values.Rows(0, _count).CopyTo(values.Rows(0, _count));
        _indices.Dispose();
        _values.Dispose();
        (_indices, _values, _capacity) = (indices, values, capacity);
    }
}
