namespace MLNetExt.Columns;

/// <summary>Which rows of the data a source reads: those the visitor kept, on one side of the split if there is one.</summary>
internal sealed class RowSelection(ScannedRows scanned, RowSplit? split, bool isHeldOut)
{
    public bool Contains(long row) => !scanned.LeftOut.Contains(row) && IsOnOurSide(row);

    /// <summary>The number of rows selected.</summary>
    public long Count()
    {
        if (split is null)
            return scanned.KeptCount;
        long count = 0;
        for (long row = 0; row < scanned.RowCount; row++)
            count += Contains(row) ? 1 : 0;
        return count;
    }

    /// <summary>Where the selected rows are in the cache, which holds the kept rows only; null when it is all of them.</summary>
    public int[]? CachedRows()
    {
        if (split is null)
            return null;
        var rows = new int[Count()];
        int cached = 0, selected = 0;
        for (long row = 0; row < scanned.RowCount; row++)
        {
            if (scanned.LeftOut.Contains(row))
                continue;
            if (IsOnOurSide(row))
                rows[selected++] = cached;
            cached++;
        }
        return rows;
    }

    private bool IsOnOurSide(long row) => split is not { } rule || rule.HoldsOut(row) == isHeldOut;
}
