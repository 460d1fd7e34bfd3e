namespace MLNetExt.Columns;

/// <summary>Rows in memory, column by column.</summary>
internal sealed class RowTable(ColumnStore[] columns)
{
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (ColumnStore column in columns)
                bytes += column.Bytes;
            return bytes;
        }
    }

    /// <summary>How many ids a row has in the token column of that number.</summary>
    public int TokenCount(int column, int row) => ((SequenceStore<int>)columns[column]).Values(row).Length;

    public void Put(int row)
    {
        foreach (ColumnStore column in columns)
            column.Put(row);
    }

    public void Gather(ReadOnlySpan<int> rows, BatchBuffer batch, int at)
    {
        for (int c = 0; c < columns.Length; c++)
            columns[c].Gather(rows, batch.Blocks[c], at);
    }
}
