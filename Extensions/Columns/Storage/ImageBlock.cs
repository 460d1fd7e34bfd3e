namespace MLNetExt.Columns;

/// <summary>A block of images of one size.</summary>
internal sealed class ImageBlock(ImageCell cell, int capacity) : ColumnBlock
{
    private readonly NativeRows<byte> _pixels = new(capacity, 3, cell.Column.ImageHeight, cell.Column.ImageWidth);
    private readonly NativeRows<bool> _isPresent = new(capacity);

    public override void Write(int row) => Write(row, cell.Pixels, cell.IsPresent);

    public void Write(int row, ReadOnlySpan<byte> pixels, bool isPresent)
    {
        pixels.CopyTo(_pixels.Rows(row, 1));
        _isPresent.Rows(row, 1)[0] = isPresent;
    }

    public override void AddTo(BatchParts parts, int rows) => parts.Images[cell.Column.Name] = new ImageRows(_pixels.View(rows), _isPresent.View(rows));

    public override void Dispose()
    {
        _pixels.Dispose();
        _isPresent.Dispose();
    }
}
