namespace MLNetExt.Columns;

/// <summary>One column's part of a batch, in memory that is used again for the next.</summary>
internal abstract class ColumnBlock : IDisposable
{
    /// <summary>Writes the cell's current value as row <paramref name="row"/>; rows come in order.</summary>
    public abstract void Write(int row);

    /// <summary>Hands the first <paramref name="rows"/> rows over. What was handed over before is no longer valid.</summary>
    public abstract void AddTo(BatchParts parts, int rows);

    public abstract void Dispose();
}
