using Microsoft.ML;

namespace MLNetExt.Tests.Components;

/// <summary>A row of three well-separated classes with four features, of which only the first two matter.</summary>
internal sealed class Flower
{
    public string Species { get; set; } = "";

    public float Length { get; set; }

    public float Width { get; set; }

    public float Noise { get; set; }

    public float Height { get; set; }

    /// <summary>Rows of the classes a, b and c in turn, with the label as a key column and named features.</summary>
    public static IDataView Data(MLContext ml, int rows = 90)
    {
        var random = new Random(7);
        float Random() => (float)(random.NextDouble() - 0.5);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Flower
        {
            Species = "abc"[i % 3].ToString(),
            Length = i % 3 + Random(),
            Width = 2 - i % 3 * 3 + Random(),
            Noise = Random(),
            Height = 100 + Random(),
        }).ToArray());
        return ml.Transforms.Concatenate("Features", nameof(Length), nameof(Width), nameof(Noise), nameof(Height))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", nameof(Species)))
            .Fit(data).Transform(data);
    }
}
