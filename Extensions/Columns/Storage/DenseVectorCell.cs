using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

internal sealed class DenseVectorCell(BoundColumn column) : FixedCell<float>(column), IVectorCell
{
    private readonly VectorValue _value = new(column);

    public ref readonly VBuffer<float> Vector => ref _value.Current;

    public override void Attach(DataViewRow row) => _value.Attach(row);

    public override void Read() => _value.Read();

    public override void CopyTo(Span<float> row) => _value.Current.CopyTo(row);

    public override ColumnBlock CreateBlock(int capacity) => new TensorBlock<float>(this, [capacity, Column.Width]);
}
