namespace MLNetExt.Columns;

/// <summary>Many rows of one column, in memory.</summary>
internal abstract class ColumnStore
{
    /// <summary>The bytes taken so far.</summary>
    public abstract long Bytes { get; }

    /// <summary>Keeps the cell's current value as row <paramref name="row"/>: an earlier one, or the one after the last.</summary>
    public abstract void Put(int row);

    /// <summary>Copies rows, in the order given, to a block from its row <paramref name="at"/> on.</summary>
    public abstract void Gather(ReadOnlySpan<int> rows, ColumnBlock block, int at);
}
