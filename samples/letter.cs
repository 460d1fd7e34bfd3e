#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// From a CSV to a saved, calibrated classifier: dotnet run samples/letter.cs [model.zip] [epochs]

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;

string modelPath = args.ElementAtOrDefault(0) ?? "letter-sample.zip";
int epochs = int.Parse(args.ElementAtOrDefault(1) ?? "20", System.Globalization.CultureInfo.InvariantCulture);
string csv = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "data", "letter.csv");

var ml = new MLContext(seed: 1);
IDataView data = ml.Data.LoadFromTextFile<Letter>(csv, separatorChar: ',', hasHeader: true);
IDataView training = Part("train", "valid"), test = Part("test");

var options = new SquentropyOptions
{
    TemperatureScaling = true,
    Training = { Epochs = epochs, Progress = new Progress<MLNetExt.Training.TrainingProgress>(Show) },
};
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.MulticlassClassification.Trainers.Squentropy(options))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLetter", "PredictedLabel"));
ITransformer model = pipeline.Fit(training);

IDataView scored = model.Transform(test);
MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored);
var calibration = ml.MulticlassClassification.EvaluateCalibration(scored);
Console.WriteLine($"accuracy {metrics.MicroAccuracy:P2}, log-loss {metrics.LogLoss:F4}, ECE {calibration.ExpectedCalibrationError:P2}");

ml.Model.Save(model, training.Schema, modelPath);
Console.WriteLine($"saved {modelPath}; ml.Model.Load(\"{modelPath}\", out _) reads it in any program that references MLNetExt.Trainers");

IDataView Part(params string[] splits) =>
    ml.Data.FilterByCustomPredicate<Letter>(data, row => !splits.Contains(row.Split));

static void Show(MLNetExt.Training.TrainingProgress p)
{
    if (p.IsEpochEnd)
        Console.WriteLine($"epoch {p.Epoch}/{p.Epochs}  loss {p.Loss:F4}  validation {p.Validation[0].Value:F4}  {p.Remaining:mm\\:ss} left");
}

internal sealed class Letter
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1)]
    public string Split { get; set; } = "";

    [LoadColumn(2, 17), VectorType(16)]
    public float[] Features { get; set; } = [];
}
