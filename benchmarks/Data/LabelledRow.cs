using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Benchmarks;

/// <summary>A row of the tables in samples/data: <c>label,split,feature,...</c></summary>
internal sealed class LabelledRow
{
    public required string Label { get; init; }

    public required string Split { get; init; }

    public required float[] Features { get; init; }

    public static IReadOnlyList<LabelledRow> Read(string path) => [.. File.ReadLines(path).Skip(1).Select(Parse)];

    public LabelledRow Relabelled(string label) => new() { Label = label, Split = Split, Features = Features };

    public LabelledRow With(Func<float, float> feature) => new() { Label = Label, Split = Split, Features = [.. Features.Select(feature)] };

    /// <summary>A view of the rows, with a key label whose values are sorted.</summary>
    /// <param name="context">Makes the view.</param>
    /// <param name="rows">The rows, at least one.</param>
    /// <param name="labels">The labels, so that all parts of a table have the same keys.</param>
    public static IDataView View(MLContext context, IReadOnlyList<LabelledRow> rows, IEnumerable<string> labels)
    {
        var schema = SchemaDefinition.Create(typeof(LabelledRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        IDataView keys = context.Data.LoadFromEnumerable(labels.Distinct().Order(StringComparer.Ordinal).Select(label => new LabelOnly { Label = label }));
        IDataView view = context.Data.LoadFromEnumerable(rows, schema);
        return context.Data.Cache(context.Transforms.Conversion.MapValueToKey(nameof(Label), keyData: keys).Fit(view).Transform(view));
    }

    private static LabelledRow Parse(string line)
    {
        string[] cells = line.Split(',');
        return new LabelledRow
        {
            Label = cells[0],
            Split = cells[1],
            Features = [.. cells.Skip(2).Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))],
        };
    }

    private sealed class LabelOnly
    {
        public string Label { get; set; } = "";
    }
}
