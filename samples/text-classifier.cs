#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// From raw text to a classifier: dotnet run samples/text-classifier.cs [model.zip] [epochs]
// An encoder learns from 1,712 captions of pictures without their categories, and then the categories; the linear model of words and letters beside it shows what
// that is worth. Both are measured on captions that neither has seen. Captions are little more than keywords, which a linear model reads well: an encoder needs more text than this to go ahead.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.LanguageModeling;
using MLNetExt.Tokenization;
using MLNetExt.Training;

string path = args.ElementAtOrDefault(0) ?? "text-classifier.zip";
int epochs = int.Parse(args.ElementAtOrDefault(1) ?? "20", CultureInfo.InvariantCulture);
string data = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "data", "openclipart", "captions.tsv");
Caption[] captions = [.. File.ReadLines(data).Skip(1).Select(line => line.Split('\t')).Select(c => new Caption { Split = c[1], Category = c[2], Text = $"{c[4]}. {c[5].Replace(";", ", ")}" })];

var ml = new MLContext(seed: 1);
IDataView Rows(string split) => ml.Data.LoadFromEnumerable(captions.Where(c => c.Split == split).ToArray());
IDataView train = Rows("train"), test = Rows("test");

WordPieceTransformer tokenizer = ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", vocabularySize: 2000, maxTokens: 32).Fit(train);
using MaskedLanguageModelTransformer encoder = ml.LanguageModeling.Trainers.Masked(new MaskedLanguageModelOptions
{
    Network = { Family = EncoderFamily.PreNorm, LocalStem = true, ContextLength = 32, Width = 96, Layers = 4 },
    Masking = { Rate = 0.3 },
    LearningRate = 2e-3,
    Epochs = epochs,
    Seed = 1,
    Training = { Progress = new Progress<TrainingProgress>(Show) },
}).Fit(tokenizer.Transform(train));

double share = captions.Where(c => c.Split == "test").CountBy(c => c.Category).Max(c => c.Value) / (double)captions.Count(c => c.Split == "test");
Console.WriteLine($"always the most frequent category: {share:P1}");
Console.WriteLine($"words and letters, linear: {Accuracy(Fit(ml.Transforms.Text.FeaturizeText("Features", "Text").Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Category"))))}");
ITransformer model = Fit(ml.Transforms.Text
    .TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Text", Tokenizer = tokenizer.Tokenizer })
    .Append(ml.MulticlassClassification.Trainers.TextEncoderClassifier(new TextEncoderClassifierOptions
    {
        LabelColumnName = "Category",
        Pretrained = encoder,
        LearningRate = 3e-3,
        BatchSize = 16,
        Epochs = epochs,
        Seed = 1,
        Training = { Progress = new Progress<TrainingProgress>(Show) },
    })));
Console.WriteLine($"encoder: {Accuracy(model)}");
ml.Model.Save(model, train.Schema, path);
Console.WriteLine($"saved {path}");

using var engine = ml.Model.CreatePredictionEngine<Caption, Prediction>(ml.Model.Load(path, out _));
foreach (Caption caption in captions.Where(c => c.Split == "test").Take(5))
{
    Prediction prediction = engine.Predict(caption);
    Console.WriteLine($"{caption.Text}: {prediction.PredictedLabel} {prediction.Score.Max():P0}{(prediction.PredictedLabel == caption.Category ? "" : $", and is {caption.Category}")}");
}

ITransformer Fit(IEstimator<ITransformer> trainer) => ml.Transforms.Conversion.MapValueToKey("Category")
    .Append(trainer)
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(train);

string Accuracy(ITransformer classifier)
{
    (string Category, string Predicted)[] rows = [.. classifier.Transform(test).GetColumn<string>("PredictedLabel").Zip(test.GetColumn<string>("Category"), (p, c) => (c, p))];
    return $"{rows.Count(r => r.Category == r.Predicted) / (double)rows.Length:P1}";
}

static void Show(TrainingProgress p)
{
    if (p.IsEpochEnd)
        Console.WriteLine($"epoch {p.Epoch}/{p.Epochs}  loss {p.EpochLoss:F3}  {p.Remaining:mm\\:ss} left");
}

internal sealed class Caption
{
    public string Split { get; set; } = "";

    public string Category { get; set; } = "";

    public string Text { get; set; } = "";
}

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
