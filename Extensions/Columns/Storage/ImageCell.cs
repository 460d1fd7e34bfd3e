using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;

namespace MLNetExt.Columns;

/// <summary>The current image, as planes of red, green and blue.</summary>
/// <remarks>Whose an image is cannot be told: <c>LoadImages</c> makes one for the asker, rows in memory lend their own, and
/// <c>ResizeImages</c> does either, row by row. So none is disposed here and none is handed back to the getter, which would
/// dispose it; a young collection now and then frees what nobody holds.</remarks>
internal sealed class ImageCell(BoundColumn column) : ColumnCell(column)
{
    private const long BytesBetweenCollections = 32L << 20;
    private readonly byte[] _pixels = new byte[3 * column.ImageHeight * column.ImageWidth];
    private DataViewRow? _row;
    private ValueGetter<MLImage>? _getter;
    private long _uncollectedBytes;

    /// <summary>All 0 for a missing image.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    public bool IsPresent { get; private set; }

    /// <summary>Why the image could not be read; null when it could, or when there is none.</summary>
    public string? Error { get; private set; }

    public override long Bytes => ImageStore.RowBytes(this);

    public override void Attach(DataViewRow row)
    {
        _row = row;
        _getter = row.GetGetter<MLImage>(Column.Source);
    }

    public override void Read()
    {
        IsPresent = false;
        Error = null;
        MLImage? image = null;
        int width = 0, height = 0;
        try
        {
            _getter!(ref image!);
            if (image is not null)
            {
                (width, height) = (image.Width, image.Height);
                IsPresent = width == Column.ImageWidth && height == Column.ImageHeight;
                if (IsPresent)
                    PlanarPixels.Write(image, _pixels);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            IsPresent = false;
            Fail(e);
        }
        if (!IsPresent)
            Array.Clear(_pixels);
        if (!IsPresent && width > 0 && Error is null)
            throw new InvalidDataException(
                $"Column '{Column.Name}' promises images {Column.ImageWidth} wide and {Column.ImageHeight} high, and the one in row {Row} is {width} wide and {height} high: resize it (mlContext.Transforms.ResizeImages).");
        CollectNowAndThen(4L * width * height);
    }

    private long Row => Math.Max(0, _row!.Position);

    public override ColumnBlock CreateBlock(int capacity) => new ImageBlock(this, capacity);

    public override ColumnStore CreateCache() => new ImageStore(this);

    public override ColumnStore CreateSlots() => new ImageStore(this);

    private void Fail(Exception e)
    {
        string file = LoadImagesPath.Find(_getter!) is { } path ? $"'{path}' " : "";
        Error = $"the image {file}cannot be read: {e.Message}";
        if (!Column.Definition.UnreadableIsMissing)
            throw new InvalidDataException(
                $"Column '{Column.Name}', row {Row}: {Error} Mend the file, drop the row, or let images that cannot be read count as missing.", e);
    }

    /// <summary>An image's pixels lie outside the collector's sight: it would let gigabytes of them wait.</summary>
    private void CollectNowAndThen(long bytes)
    {
        _uncollectedBytes += bytes;
        if (_uncollectedBytes < BytesBetweenCollections)
            return;
        _uncollectedBytes = 0;
        GC.Collect(0);
    }
}
