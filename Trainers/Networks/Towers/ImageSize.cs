using MLNetExt.Columns;

namespace MLNetExt.Networks;

/// <summary>Keeps images to the size that a tower was made for.</summary>
internal static class ImageSize
{
    /// <exception cref="ArgumentException">The images are of another size.</exception>
    public static void Require(ImageRows images, string column, int height, int width)
    {
        long[] shape = images.Pixels.shape;
        if (shape[2] != height || shape[3] != width)
            throw new ArgumentException(
                $"Column '{column}' holds images of {shape[3]} x {shape[2]} pixels, but the tower was made for {width} x {height}: resize them with mlContext.Transforms.ResizeImages.");
    }
}
