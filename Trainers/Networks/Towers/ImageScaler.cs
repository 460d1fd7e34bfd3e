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
    public static ImageScaler Fixed() => new(full(3, 0.5f), full(3, 0.5f));

    /// <summary>Uint8 <c>[rows, 3, height, width]</c> to float32 of the same shape.</summary>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        Tensor scale = (std * 255).reciprocal(), shift = mean / std;
        return pixels.to_type(ScalarType.Float32).mul_(scale.view(3, 1, 1)).sub_(shift.view(3, 1, 1)).MoveToOuterDisposeScope();
    }
}
