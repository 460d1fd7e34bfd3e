using Microsoft.ML;

namespace MLNetExt.Columns;

internal sealed class ScalarCell(BoundColumn column) : FixedCell<float>(column)
{
    private Func<float>? _getter;

    public float Value { get; private set; }

    public override void Attach(DataViewRow row) => _getter = NumberReader.Create(row, Column.Source);

    public override void Read() => Value = _getter!();

    public override void CopyTo(Span<float> row) => row[0] = Value;

    public override ColumnBlock CreateBlock(int capacity) => new TensorBlock<float>(this, [capacity]);
}
