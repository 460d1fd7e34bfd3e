using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Batches of random images in the column <see cref="ImageBatch.Column"/>.</summary>
internal static class RandomImages
{
    public static TensorBatch Batch(int rows, int height, int width, ulong seed, params int[] missing)
    {
        using var generator = new Generator(seed);
        Tensor pixels = randint(0, 256, [rows, 3, height, width], dtype: ScalarType.Byte, generator: generator);
        return Of(pixels, missing);
    }

    public static TensorBatch Of(Tensor pixels, params int[] missing)
    {
        Tensor isPresent = ones(pixels.shape[0], dtype: ScalarType.Bool);
        foreach (int row in missing)
        {
            isPresent[row] = false;
            pixels[row].zero_();
        }
        return ImageBatch.Of(new ImageRows(pixels, isPresent));
    }
}
