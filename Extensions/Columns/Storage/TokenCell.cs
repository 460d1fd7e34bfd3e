namespace MLNetExt.Columns;

internal sealed class TokenCell(BoundColumn column) : SequenceCell<int>(column)
{
    public override ColumnBlock CreateBlock(int capacity) => new TokenBlock(this, capacity);
}
