namespace MLNetExt.Columns;

internal sealed class TextBlock(TextCell cell, int capacity) : FixedBlock<string>(cell)
{
    private readonly string[] _texts = new string[capacity];

    public override Span<string> Rows(int at, int count) => _texts.AsSpan(at, count);

    public override void AddTo(BatchParts parts, int rows) => parts.Texts[Cell.Column.Name] = new ArraySegment<string>(_texts, 0, rows);

    public override void Dispose()
    {
        // Strings are the collector's.
    }
}
