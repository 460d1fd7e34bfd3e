namespace MLNetExt.Columns;

/// <summary>A cell whose value is always the same number of <typeparamref name="T"/>.</summary>
internal abstract class FixedCell<T>(BoundColumn column) : ColumnCell(column)
{
    /// <summary>The bytes of the current value that lie outside its elements.</summary>
    public virtual long HeapBytes => 0;

    public override long Bytes => HeapBytes + (long)Column.Width * System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    public abstract void CopyTo(Span<T> row);

    public override ColumnStore CreateCache() => new FixedStore<T>(this);

    public override ColumnStore CreateSlots() => new FixedStore<T>(this);
}
