using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNetExt.Benchmarks;

/// <summary>A Fashion-MNIST image, what it shows, and a sentence that says so.</summary>
internal sealed class CaptionedImage
{
    public const int Side = 28;

    [ImageType(Side, Side)]
    public MLImage? Image { get; init; }

    public string Class { get; init; } = "";

    public string Caption { get; init; } = "";
}
