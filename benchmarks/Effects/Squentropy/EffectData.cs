using System.Globalization;
using System.Text.Json;
using Microsoft.ML;

namespace MLNetExt.Benchmarks;

/// <summary>A training and a test part on which losses are compared.</summary>
/// <param name="Train">What is learned from; its labels may be noisy.</param>
/// <param name="Test">What is measured; its labels are never noisy.</param>
/// <param name="Standardize">Whether the features still need to be brought to one scale.</param>
internal sealed record EffectData(IDataView Train, IDataView Test, bool Standardize)
{
    /// <summary>300 digits to learn from, 30 of each class, and 1,497 to test; pixels in [-1, 1]. The split and the noisy
    /// labels are those of tests/golden/splits.json.</summary>
    public static EffectData Digits300(MLContext context, bool noisy)
    {
        using var splits = JsonDocument.Parse(File.ReadAllText(Repository.Golden("splits.json")));
        JsonElement split = splits.RootElement.GetProperty("digits_300");
        IReadOnlyList<LabelledRow> rows = Digits();
        Dictionary<int, string> noise = noisy
            ? split.GetProperty("noisy_labels_20_percent").EnumerateObject().ToDictionary(e => int.Parse(e.Name, CultureInfo.InvariantCulture), e => e.Value.ToString())
            : [];
        LabelledRow[] train = [.. Indices(split, "train").Select(i => noise.TryGetValue(i, out string? label) ? rows[i].Relabelled(label) : rows[i])];
        LabelledRow[] test = [.. Indices(split, "test").Select(i => rows[i])];
        return Create(context, train, test, standardize: false);
    }

    /// <summary>1,000 digits drawn by a fixed seed, a fifth of which get a label drawn uniformly, and the other 797 to test.</summary>
    public static EffectData Digits1000WithNoise(MLContext context)
    {
        var random = new Random(1);
        LabelledRow[] rows = [.. Digits()];
        random.Shuffle(rows);
        LabelledRow[] train = [.. rows.Take(1000).Select((row, i) => i < 200 ? row.Relabelled($"{random.Next(10)}") : row)];
        return Create(context, train, rows[1000..], standardize: false);
    }

    /// <summary>Breast cancer: two classes, 456 rows to learn from and 113 to test.</summary>
    public static EffectData BreastCancer(MLContext context)
    {
        IReadOnlyList<LabelledRow> rows = LabelledRow.Read(Repository.Sample("breast_cancer.csv"));
        return Create(context, [.. rows.Where(row => row.Split != "test")], [.. rows.Where(row => row.Split == "test")], standardize: true);
    }

    private static IReadOnlyList<LabelledRow> Digits() =>
        [.. LabelledRow.Read(Repository.Sample("digits8x8.csv")).Select(row => row.With(pixel => pixel / 8 - 1))];

    private static IEnumerable<int> Indices(JsonElement split, string part) => split.GetProperty(part).EnumerateArray().Select(i => i.GetInt32());

    private static EffectData Create(MLContext context, IReadOnlyList<LabelledRow> train, IReadOnlyList<LabelledRow> test, bool standardize)
    {
        string[] labels = [.. train.Concat(test).Select(row => row.Label)];
        return new EffectData(LabelledRow.View(context, train, labels), LabelledRow.View(context, test, labels), standardize);
    }
}
