using MLNetExt.Columns;
using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>From images to embeddings: a small residual network (arXiv 1512.03385, 1603.05027) with group normalisation.</summary>
/// <remarks>A row without an image has an embedding of NaN, and no part in the gradient.</remarks>
internal sealed class ResNetTower : Tower
{
    private readonly ResNetOptions _options;
    private readonly ImageJitter jitter;
    private readonly ImageScaler scaler;
    private readonly ConvolutionLayer stem;
    private readonly ModuleList<ResidualBlock> blocks;
    private readonly NormalizedRectifier activation;
    private readonly SeededDropout dropout;
    private readonly LinearLayer head;

    /// <param name="options">The tower's shape.</param>
    /// <param name="scaler">What bytes become; the tower owns it.</param>
    /// <param name="generator">Draws the initial weights, then what training does at random; the tower does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public ResNetTower(ResNetOptions options, ImageScaler scaler, Generator generator)
        : base(nameof(ResNetTower))
    {
        options.Check();
        _options = options;
        this.scaler = scaler;
        jitter = new ImageJitter(options.Flip, options.Shift, generator);
        stem = new ConvolutionLayer(3, options.BaseWidth, size: 3, options.StemStride, generator);
        blocks = nn.ModuleList(Blocks(options, generator).ToArray());
        int width = options.StageWidths()[^1];
        activation = new NormalizedRectifier(width);
        dropout = new SeededDropout(options.Dropout, generator);
        head = new LinearLayer(width, options.EmbeddingSize, 1 / Math.Sqrt(width), generator);
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, embedding size]</c> of an image column, in the caller's dispose scope.</summary>
    /// <exception cref="ArgumentException">The images are of another size.</exception>
    public override Tensor Forward(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        ImageRows images = batch.Images(column);
        ImageSize.Require(images, column, _options.Height, _options.Width);
        Tensor maps = stem.forward(scaler.forward(jitter.forward(images.Pixels)));
        foreach (ResidualBlock block in blocks)
            maps = block.forward(maps);
        Tensor pooled = activation.forward(maps).mean([2, 3]);
        Tensor embeddings = head.forward(dropout.forward(pooled));
        return embeddings.FillWhere(images.IsPresent.logical_not().unsqueeze(1), float.NaN).MoveToOuterDisposeScope();
    }

    private static IEnumerable<ResidualBlock> Blocks(ResNetOptions options, Generator generator)
    {
        int inputs = options.BaseWidth;
        IReadOnlyList<int> widths = options.StageWidths();
        for (int stage = 0; stage < widths.Count; stage++)
        {
            for (int block = 0; block < options.BlocksPerStage; block++)
            {
                yield return new ResidualBlock(inputs, widths[stage], stride: stage > 0 && block == 0 ? 2 : 1, generator);
                inputs = widths[stage];
            }
        }
    }
}
