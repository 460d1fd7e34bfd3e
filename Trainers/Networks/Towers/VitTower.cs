using MLNetExt.Columns;
using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A vision transformer (arXiv 2010.11929) from images to an embedding: patches as tokens, mean pooling, a norm and a linear head.</summary>
internal sealed class VitTower : Tower
{
    private readonly VitTowerOptions _options;
    private readonly ImageJitter jitter;
    private readonly ImageScaler scaler;
    private readonly LinearLayer patches;
    private readonly Parameter positions;
    private readonly SeededDropout dropout;
    private readonly TransformerStack transformer;
    private readonly LayerNorm norm;
    private readonly LinearLayer head;

    /// <param name="options">The tower's shape.</param>
    /// <param name="scaler">Brings the pixels to a common scale; the tower owns it.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the tower does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public VitTower(VitTowerOptions options, ImageScaler scaler, Generator generator)
        : base(nameof(VitTower))
    {
        options.Check();
        _options = options;
        this.scaler = scaler;
        jitter = new ImageJitter(options.Flip, options.Shift, generator);
        int width = options.Transformer.Width, patchLength = checked(3 * options.PatchSize * options.PatchSize);
        patches = new LinearLayer(patchLength, width, 1 / Math.Sqrt(patchLength), generator);
        positions = new Parameter(zeros(options.PatchCount, width).normal_(0, 1 / Math.Sqrt(width), generator));
        dropout = new SeededDropout(options.Transformer.Dropout, generator);
        transformer = new TransformerStack(options.Transformer, generator);
        norm = nn.LayerNorm(width);
        head = new LinearLayer(width, options.EmbeddingSize, 1 / Math.Sqrt(width), generator);
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, embedding size]</c> of an image column, in the caller's dispose scope; a missing image's row is NaN.</summary>
    /// <exception cref="ArgumentException">The images have another size than the tower was made for.</exception>
    public override Tensor Forward(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        ImageRows images = batch.Images(column);
        ImageSize.Require(images, column, _options.Height, _options.Width);
        Tensor embedded = patches.forward(Patches(scaler.forward(jitter.forward(images.Pixels)))).Plus(positions);
        Tensor mixed = transformer.Forward(dropout.forward(embedded));
        return (head.forward(norm.forward(mixed.mean([1]))) + images.NaNWhereMissing()).MoveToOuterDisposeScope();
    }

    /// <summary>Float32 <c>[rows, 3, height, width]</c> to <c>[rows, patches, 3 * side * side]</c>, patches row by row.</summary>
    private Tensor Patches(Tensor images)
    {
        int side = _options.PatchSize;
        return images.view(-1, 3, _options.Height / side, side, _options.Width / side, side)
            .permute(0, 2, 4, 1, 3, 5).reshape(images.shape[0], _options.PatchCount, 3 * side * side);
    }
}
