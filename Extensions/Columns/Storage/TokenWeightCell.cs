namespace MLNetExt.Columns;

internal sealed class TokenWeightCell(BoundColumn column) : SequenceCell<float>(column)
{
    public override ColumnBlock CreateBlock(int capacity) => new TokenWeightBlock(this, capacity);
}
