using System.Text.Json;
using Microsoft.ML;

namespace MLNetExt.Benchmarks;

/// <summary>1,397 pairs of digit halves to learn from and 400 to test, 32 pixels in [-1, 1] a side; the split is that of tests/golden/splits.json.</summary>
internal sealed class HalvesData
{
    private readonly Pair[] _train;

    public HalvesData(MLContext context)
    {
        using var splits = JsonDocument.Parse(File.ReadAllText(Repository.Golden("splits.json")));
        JsonElement split = splits.RootElement.GetProperty("digits_halves");
        int[] Indices(string name) => [.. split.GetProperty(name).EnumerateArray().Select(i => i.GetInt32())];
        int[] left = Indices("left_pixels"), right = Indices("right_pixels");
        IReadOnlyList<LabelledRow> digits = LabelledRow.Read(Repository.Sample("digits8x8.csv"));
        Pair[] Part(string name) => [.. Indices(name).Select(i => new Pair(Pixels(digits[i], left), Pixels(digits[i], right)))];
        _train = Part("train");
        Context = context;
        Test = Pair.View(context, Part("test"));
    }

    public MLContext Context { get; }

    public IDataView Test { get; }

    /// <summary>The training pairs; a share of them, always the same, with their right sides dealt out anew among themselves.</summary>
    public IDataView Train(double shuffledShare)
    {
        Pair[] pairs = [.. _train];
        var random = new Random(1);
        int[] moved = [.. Enumerable.Range(0, pairs.Length).OrderBy(_ => random.Next()).Take((int)(shuffledShare * pairs.Length))];
        for (int i = 0; i < moved.Length; i++)
            pairs[moved[i]] = _train[moved[i]] with { Right = _train[moved[(i + 1) % moved.Length]].Right };
        return Pair.View(Context, pairs);
    }

    private static float[] Pixels(LabelledRow digit, int[] pixels) => [.. pixels.Select(p => digit.Features[p] / 8 - 1)];
}
