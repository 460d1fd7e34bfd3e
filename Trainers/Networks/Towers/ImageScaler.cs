using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Brings pixels to a common scale: (x / 255 - mean) / std, channel by channel.</summary>
internal sealed class ImageScaler : nn.Module<Tensor, Tensor>
{
    private readonly Tensor mean;
    private readonly Tensor std;

    /// <param name="mean">Float32 <c>[3]</c>.</param>
    /// <param name="std">Float32 <c>[3]</c>, above 0.</param>
    public ImageScaler(Tensor mean, Tensor std)
        : base(nameof(ImageScaler))
    {
        this.mean = mean.DetachFromDisposeScope();
        this.std = std.DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>From [0, 255] to [-1, 1].</summary>
    public static ImageScaler Fixed() => new(full([3], 0.5f), full([3], 0.5f));

    /// <summary>To mean 0 and deviation 1 in each channel over the images there are; a channel that never changes is only shifted.</summary>
    public static ImageScaler Measure(IEnumerable<TensorBatch> batches, string column)
    {
        using var scope = NewDisposeScope();
        Tensor sum = zeros(3, dtype: ScalarType.Float64), squares = zeros(3, dtype: ScalarType.Float64);
        long count = 0;
        foreach (TensorBatch batch in batches)
        {
            using var step = NewDisposeScope();
            ImageRows images = batch.Images(column);
            Tensor pixels = images.Pixels[images.IsPresent].to_type(ScalarType.Float32) / 255;
            sum.add_(pixels.sum([2, 3]).to_type(ScalarType.Float64).sum([0]));
            squares.add_(pixels.square().sum([2, 3]).to_type(ScalarType.Float64).sum([0]));
            count += pixels.shape[0] * pixels.shape[2] * pixels.shape[3];
        }
        if (count == 0)
            return Fixed();
        Tensor mean = sum / count, variance = squares / count - mean.square();
        // Bytes differ by whole numbers: a smaller deviation is the rounding of none.
        Tensor std = variance.clamp(min: 0).sqrt().clamp(min: 1 / 255.0);
        return new ImageScaler(mean.to_type(ScalarType.Float32), std.to_type(ScalarType.Float32));
    }

    /// <summary>Uint8 <c>[rows, 3, height, width]</c> to float32 of the same shape.</summary>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        Tensor scale = (std * 255).reciprocal(), shift = mean / std;
        return pixels.to_type(ScalarType.Float32).mul_(scale.view(3, 1, 1)).sub_(shift.view(3, 1, 1)).MoveToOuterDisposeScope();
    }
}
