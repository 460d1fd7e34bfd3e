using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Brings bytes to a common scale: (x - shift) * scale for each channel.</summary>
internal sealed class ImageScaler : nn.Module<Tensor, Tensor>
{
    private readonly Tensor shift;
    private readonly Tensor scale;

    private ImageScaler(Tensor shift, Tensor scale)
        : base(nameof(ImageScaler))
    {
        this.shift = shift.DetachFromDisposeScope();
        this.scale = scale.DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>From [0, 255] to [-1, 1].</summary>
    public static ImageScaler Fixed() => new(full([3, 1, 1], 127.5f), full([3, 1, 1], 1 / 127.5f));

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
            Tensor pixels = images.Pixels[images.IsPresent].to_type(ScalarType.Float32);
            sum.add_(pixels.sum([2, 3]).to_type(ScalarType.Float64).sum([0]));
            squares.add_(pixels.square().sum([2, 3]).to_type(ScalarType.Float64).sum([0]));
            count += pixels.shape[0] * pixels.shape[2] * pixels.shape[3];
        }
        if (count == 0)
            return Fixed();
        Tensor mean = sum / count, variance = squares / count - mean.square();
        // Bytes differ by whole numbers: a smaller variance is the rounding of none.
        Tensor deviation = variance.clamp(min: 0).sqrt().clamp(min: 1);
        return new ImageScaler(Channels(mean), Channels(deviation.reciprocal()));
    }

    /// <summary>Uint8 <c>[rows, 3, height, width]</c> to float32 of the same shape.</summary>
    public override Tensor forward(Tensor pixels) => pixels.to_type(ScalarType.Float32).sub_(shift).mul_(scale);

    private static Tensor Channels(Tensor values) => values.to_type(ScalarType.Float32).reshape(3, 1, 1);
}
