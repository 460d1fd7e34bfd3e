using Microsoft.ML;

namespace MLNetExt.Columns;

/// <summary>One column's value in the current row, and the factory of everything that holds many such values.</summary>
internal abstract class ColumnCell(BoundColumn column)
{
    public BoundColumn Column { get; } = column;

    /// <summary>The bytes that the current value takes in memory.</summary>
    public abstract long Bytes { get; }

    /// <summary>Reads from this row, or cursor, from now on.</summary>
    public abstract void Attach(DataViewRow row);

    /// <summary>Fetches the value in the attached row.</summary>
    public abstract void Read();

    /// <summary>Makes the column's part of a batch.</summary>
    public abstract ColumnBlock CreateBlock(int capacity);

    /// <summary>Makes a store that takes rows 0, 1, 2 ... once.</summary>
    public abstract ColumnStore CreateCache();

    /// <summary>Makes a store whose rows are overwritten again and again.</summary>
    public abstract ColumnStore CreateSlots();
}
