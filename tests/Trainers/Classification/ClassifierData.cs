using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Classification;

/// <summary>Data and quick options for tests of the classifier.</summary>
internal static class ClassifierData
{
    /// <summary>Rows with a key <c>Label</c> of the classes that <see cref="Blobs"/> has.</summary>
    public static IDataView View(MLContext ml, IEnumerable<LabelledRow> rows)
    {
        IDataView all = ml.Data.LoadFromEnumerable(Blobs.Dense(3));
        return ml.Transforms.Conversion.MapValueToKey("Label", nameof(LabelledRow.Class)).Fit(all).Transform(ml.Data.LoadFromEnumerable(rows));
    }

    /// <summary>A linear network, 3 epochs.</summary>
    public static SquentropyOptions Quick(Action<SquentropyOptions>? change = null)
    {
        var options = new SquentropyOptions { BatchSize = 16, Seed = 5, HiddenLayers = 0 };
        (options.Training.Epochs, options.Training.LearningRate) = (3, 0.02);
        change?.Invoke(options);
        return options;
    }

    public static SquentropyTransformer Fit(SquentropyOptions options, IEnumerable<LabelledRow> rows, List<string>? log = null)
    {
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) => log?.Add($"{e.Kind}: {e.Message}");
        return ml.MulticlassClassification.Trainers.Squentropy(options).Fit(View(ml, rows));
    }

    public static float[][] Scores(SquentropyTransformer transformer, IEnumerable<LabelledRow> rows)
    {
        var ml = new MLContext(seed: 1);
        return [.. ml.Data.CreateEnumerable<MulticlassPrediction>(transformer.Transform(View(ml, rows)), reuseRowObject: false).Select(p => p.Score)];
    }

    /// <summary>A file of samples/data: the label as key, the other columns as <c>Features</c>.</summary>
    public static (IDataView Train, IDataView Test) File(MLContext ml, string name, bool labelIsText)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", name);
        int columns = System.IO.File.ReadLines(path).First().Split(',').Length;
        IDataView raw = ml.Data.LoadFromTextFile(path, [
            new("Name", labelIsText ? Microsoft.ML.Data.DataKind.String : Microsoft.ML.Data.DataKind.Int32, 0),
            new("Split", Microsoft.ML.Data.DataKind.String, 1),
            new("Features", Microsoft.ML.Data.DataKind.Single, 2, columns - 1),
        ], separatorChar: ',', hasHeader: true);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(raw).Transform(raw);
        IDataView Part(bool isTest) => ml.Data.FilterByCustomPredicate<SplitRow>(data, r => r.Split == "test" != isTest);
        return (Part(false), Part(true));
    }

    private sealed class SplitRow
    {
        public string Split { get; set; } = "";
    }
}
