using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Batches with one image column, <see cref="Column"/>.</summary>
internal static class ImageBatch
{
    public const string Column = "Image";

    /// <summary>Images of random pixels; every fifth from the fourth on is missing.</summary>
    public static ImageRows Random(int rows, int height, int width, Generator generator)
    {
        Tensor isPresent = arange(rows).remainder(5).ne(3);
        return new ImageRows(randint(256, [rows, 3, height, width], generator: generator).mul_(isPresent.view(-1, 1, 1, 1)).to(ScalarType.Byte), isPresent);
    }

    public static TensorBatch Of(ImageRows images, int start, int count) => Of(new ImageRows(images.Pixels.narrow(0, start, count), images.IsPresent.narrow(0, start, count)));

    public static TensorBatch Of(ImageRows images) => new(
        (int)images.IsPresent.shape[0], new Dictionary<string, Tensor>(), images: new Dictionary<string, ImageRows> { [Column] = images });
}
