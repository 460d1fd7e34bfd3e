namespace MLNetExt.Columns;

/// <summary>Rows of token ids in memory.</summary>
internal abstract class TokenStore : ColumnStore
{
    /// <summary>What a row takes besides its ids.</summary>
    public const int RowBytes = 16;

    /// <summary>The ids of a row.</summary>
    public abstract ReadOnlySpan<int> Ids(int row);

    public override void Gather(ReadOnlySpan<int> rows, ColumnBlock block, int at)
    {
        var target = (TokenBlock)block;
        for (int i = 0; i < rows.Length; i++)
            target.Append(at + i, Ids(rows[i]));
    }
}
