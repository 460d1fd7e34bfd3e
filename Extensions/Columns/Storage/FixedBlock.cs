namespace MLNetExt.Columns;

/// <summary>A block of rows of a fixed number of elements.</summary>
internal abstract class FixedBlock<T>(FixedCell<T> cell) : ColumnBlock
{
    protected FixedCell<T> Cell { get; } = cell;

    /// <summary>The memory of <paramref name="count"/> rows.</summary>
    public abstract Span<T> Rows(int at, int count);

    public override void Write(int row) => Cell.CopyTo(Rows(row, 1));
}
