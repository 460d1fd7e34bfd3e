namespace MLNetExt.Columns;

/// <summary>Sparse rows in memory.</summary>
internal abstract class SparseStore : ColumnStore
{
    /// <summary>What a row takes besides its entries.</summary>
    public const int RowBytes = 16;

    /// <summary>What an entry takes: its slot number and its value.</summary>
    public const int EntryBytes = sizeof(int) + sizeof(float);

    public override void Gather(ReadOnlySpan<int> rows, ColumnBlock block, int at)
    {
        var target = (SparseBlock)block;
        for (int i = 0; i < rows.Length; i++)
            target.Append(at + i, Indices(rows[i]), Values(rows[i]));
    }

    protected abstract ReadOnlySpan<int> Indices(int row);

    protected abstract ReadOnlySpan<float> Values(int row);
}
