using Microsoft.ML;

namespace MLNetExt.Columns;

internal sealed class TextCell(BoundColumn column) : FixedCell<string>(column)
{
    private const int StringHeaderBytes = 24;
    private ValueGetter<ReadOnlyMemory<char>>? _getter;
    private ReadOnlyMemory<char> _value;

    public ReadOnlyMemory<char> Value => _value;

    public override long HeapBytes => StringHeaderBytes + sizeof(char) * (long)_value.Length;

    public override void Attach(DataViewRow row) => _getter = row.GetGetter<ReadOnlyMemory<char>>(Column.Source);

    public override void Read() => _getter!(ref _value);

    public override void CopyTo(Span<string> row) => row[0] = _value.ToString();

    public override ColumnBlock CreateBlock(int capacity) => new TextBlock(this, capacity);
}
