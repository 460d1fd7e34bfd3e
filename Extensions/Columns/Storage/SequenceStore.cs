namespace MLNetExt.Columns;

/// <summary>Rows of varying length in memory.</summary>
internal abstract class SequenceStore<T> : ColumnStore
    where T : unmanaged
{
    /// <summary>What a row takes besides its values.</summary>
    public const int RowBytes = 16;

    /// <summary>The values of a row.</summary>
    public abstract ReadOnlySpan<T> Values(int row);

    public override void Gather(ReadOnlySpan<int> rows, ColumnBlock block, int at)
    {
        var target = (ISequenceBlock<T>)block;
        for (int i = 0; i < rows.Length; i++)
            target.Append(at + i, Values(rows[i]));
    }
}
