namespace MLNetExt.Columns;

/// <summary>Images in memory: a byte a channel, and one that tells whether there is an image.</summary>
internal sealed class ImageStore(ImageCell cell) : ColumnStore
{
    private readonly ChunkedRows<byte> _pixels = new(cell.Pixels.Length);
    private readonly ChunkedRows<bool> _isPresent = new(width: 1);

    public override long Bytes => _pixels.Bytes + _isPresent.Bytes;

    public static long RowBytes(ImageCell cell) => cell.Pixels.Length + sizeof(bool);

    public override void Put(int row)
    {
        cell.Pixels.CopyTo(_pixels.Reach(row));
        _isPresent.Reach(row)[0] = cell.IsPresent;
    }

    public override void Gather(ReadOnlySpan<int> rows, ColumnBlock block, int at)
    {
        var images = (ImageBlock)block;
        for (int i = 0; i < rows.Length; i++)
            images.Write(at + i, _pixels[rows[i]], _isPresent[rows[i]][0]);
    }
}
