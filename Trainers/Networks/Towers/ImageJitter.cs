using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Mirrors and moves images at random while training, and leaves them alone otherwise.</summary>
internal sealed class ImageJitter : nn.Module<Tensor, Tensor>
{
    private readonly bool _flip;
    private readonly int _shift;
    private readonly Generator _generator;

    /// <param name="flip">Whether half of the images are mirrored left to right.</param>
    /// <param name="shift">By how many pixels an image is moved at most, each way; its edges fill what opens.</param>
    /// <param name="generator">Draws what happens to each image, on the CPU; the module does not own it.</param>
    public ImageJitter(bool flip, int shift, Generator generator)
        : base(nameof(ImageJitter))
    {
        _flip = flip;
        _shift = shift;
        _generator = generator;
        RegisterComponents();
    }

    /// <summary><c>[rows, channels, height, width]</c> of any type to the same.</summary>
    public override Tensor forward(Tensor images)
    {
        if (!training || !(_flip || _shift > 0))
            return images;
        using var scope = NewDisposeScope();
        long rows = images.shape[0], height = images.shape[2], width = images.shape[3];
        Tensor sources = Sources(rows, width);
        if (_flip)
            sources = where(empty(rows, 1).bernoulli_(0.5, _generator).to_type(ScalarType.Bool), width - 1 - sources, sources);
        Tensor jittered = Take(images, dimension: 3, sources);
        if (_shift > 0)
            jittered = Take(jittered, dimension: 2, Sources(rows, height));
        return jittered.MoveToOuterDisposeScope();
    }

    /// <summary>Int64 <c>[rows, size]</c>: where each pixel along a side comes from when every row is moved by a number of its own.</summary>
    private Tensor Sources(long rows, long size)
    {
        Tensor positions = arange(size, dtype: ScalarType.Int64).unsqueeze(0).expand(rows, size);
        if (_shift == 0)
            return positions;
        Tensor moves = randint(-_shift, _shift + 1L, [rows, 1], dtype: ScalarType.Int64, generator: _generator);
        return (positions + moves).clamp(0, size - 1);
    }

    private static Tensor Take(Tensor images, int dimension, Tensor sources) =>
        images.gather(dimension, sources.to(images.device).unsqueeze(1).unsqueeze(5 - dimension).expand(images.shape));
}
