using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a <see cref="ResNetTower"/>.</summary>
/// <param name="Height">The images' height.</param>
/// <param name="Width">The images' width.</param>
/// <param name="BaseWidth">Channels of the first stage, a multiple of <see cref="Groups"/>; each stage doubles them, up to eight times as many.</param>
/// <param name="BlocksPerStage">Residual blocks in a stage.</param>
/// <param name="EmbeddingSize">The number of outputs.</param>
/// <param name="StemStride">The first convolution's stride: 2 costs a quarter of 1.</param>
/// <param name="Flip">Whether half of the training images are mirrored left to right.</param>
/// <param name="Shift">Training images are moved by up to so many pixels each way; their edges fill what opens.</param>
/// <param name="Dropout">The share of the pooled channels that is zeroed in training, in [0, 1).</param>
internal sealed record ResNetOptions(
    int Height,
    int Width,
    int BaseWidth = 32,
    int BlocksPerStage = 1,
    int EmbeddingSize = 64,
    int StemStride = 2,
    bool Flip = false,
    int Shift = 0,
    double Dropout = 0)
{
    /// <summary>Groups of channels that are normalised together.</summary>
    public const int Groups = 8;

    private const int LargestLastSide = 4;
    private const int MostDoublings = 3;
    private const int MaxBaseWidth = int.MaxValue >> MostDoublings;

    /// <summary>The number of the tower's weights.</summary>
    [JsonIgnore]
    public Int128 WeightCount
    {
        get
        {
            Int128 count = 27 * (Int128)BaseWidth, input = BaseWidth;
            foreach (Int128 width in StageWidths())
            {
                Int128 rest = 18 * width * width + 4 * width, first = 9 * width * (input + width) + 2 * (input + width);
                count += first + (input == width ? 0 : input * width) + (BlocksPerStage - 1) * rest;
                input = width;
            }
            return count + 2 * input + (input + 1) * EmbeddingSize;
        }
    }

    /// <summary>The channels of each stage: every stage but the first halves the image, until it is at most 4 high and wide.</summary>
    public IReadOnlyList<int> StageWidths()
    {
        var widths = new List<int>();
        for (long side = CeilingQuotient(Math.Max(Height, Width), StemStride); ; side = CeilingQuotient(side, 2))
        {
            widths.Add(checked(BaseWidth * (1 << Math.Min(widths.Count, MostDoublings))));
            if (side <= LargestLastSide)
                return widths;
        }
    }

    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(Height, nameof(Height));
        NetworkCheck.AtLeastOne(Width, nameof(Width));
        NetworkCheck.AtLeastOne(BlocksPerStage, nameof(BlocksPerStage));
        NetworkCheck.AtLeastOne(EmbeddingSize, nameof(EmbeddingSize));
        NetworkCheck.AtLeastOne(StemStride, nameof(StemStride));
        NetworkCheck.Require(Shift >= 0, $"Shift is {Shift}: it must be at least 0.");
        NetworkCheck.Require(BaseWidth >= Groups && BaseWidth % Groups == 0, $"BaseWidth is {BaseWidth}: it must be a multiple of {Groups}, at least {Groups}.");
        NetworkCheck.Require(BaseWidth <= MaxBaseWidth, $"BaseWidth is {BaseWidth}: it must be at most {MaxBaseWidth}.");
        NetworkCheck.Dropout(Dropout);
    }

    private static long CeilingQuotient(long a, long b) => (a + b - 1) / b;
}
