namespace MLNetExt.Columns;

/// <summary>A block in the memory of one tensor.</summary>
internal sealed class TensorBlock<T>(FixedCell<T> cell, ReadOnlySpan<long> shape) : FixedBlock<T>(cell)
    where T : unmanaged
{
    private readonly NativeRows<T> _rows = new(shape);

    public override Span<T> Rows(int at, int count) => _rows.Rows(at, count);

    public override void AddTo(BatchParts parts, int rows) => parts.Tensors[Cell.Column.Name] = _rows.View(rows);

    public override void Dispose() => _rows.Dispose();
}
