#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// A text encoder from raw text: dotnet run samples/encoder.cs [model.zip] [epochs]
// Learns word pieces and an encoder from the sentences of licence texts, dropping half of the tokens in its middle layers; then says which words fit where
// some are left out, and which sentences are nearest to one that is not among them: after so little text and training, those that are alike in words and build.

using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;
using MLNetExt.Tokenization;
using MLNetExt.Training;

string path = args.ElementAtOrDefault(0) ?? "encoder.zip";
int epochs = int.Parse(args.ElementAtOrDefault(1) ?? "35", CultureInfo.InvariantCulture);
string data = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "data", "licences.txt");
string[] paragraphs = [.. File.ReadAllText(data).Split("\n\n").Select(p => Regex.Replace(p, @"\s+", " ").Trim())];
Text[] sentences = [.. paragraphs.SelectMany(p => Regex.Split(p, @"(?<=[.;:]) ")).Where(s => s.Length > 30).Distinct().Select(s => new Text { Content = s })];

var ml = new MLContext(seed: 1);
IDataView texts = ml.Data.LoadFromEnumerable(sentences);
var options = new MaskedLanguageModelOptions
{
    Network = { Family = EncoderFamily.PreNorm, LocalStem = true, ContextLength = 48, Width = 96, Layers = 4 },
    Dropping = { Kind = TokenDroppingKind.TokenDropping },
    Masking = { Rate = 0.3 },
    ValidationFraction = 0.1,
    BatchSize = 16,
    LearningRate = 2e-3,
    Epochs = epochs,
    Seed = 1,
    Training = { Progress = new Progress<TrainingProgress>(Show) },
};
Console.WriteLine($"{sentences.Length} sentences");
var pipeline = ml.Transforms.Text.TokenizeWordPieces("Tokens", "Content", vocabularySize: 1500, maxTokens: 48).Append(ml.LanguageModeling.Trainers.Masked(options));
using TransformerChain<MaskedLanguageModelTransformer> model = pipeline.Fit(texts);
ml.Model.Save(model, texts.Schema, path);
Console.WriteLine($"saved {path}");

foreach (string text in new[] { "under the terms of the GNU General Public [MASK].", "You may copy and [MASK] the program.", "This program is free [MASK]; you can [MASK] it." })
{
    Console.WriteLine(text);
    foreach (IReadOnlyList<MaskCandidate> tokens in model.LastTransformer.FillMask(text))
        Console.WriteLine($"  {string.Join(", ", tokens.Select(t => $"{t.Text} {t.Probability:P0}"))}");
}

Text[] queries = [new() { Content = "You may charge a fee for a copy." }, new() { Content = "The source code must come together with the object code." }];
// All texts of one field have much in common: what a text has of its own is how it differs from their mean.
IDataView embedded = model.Transform(texts);
ITransformer differences = ml.Transforms.NormalizeMeanVariance("Embedding", fixZero: false).Fit(embedded);
embedded = differences.Transform(embedded);
IDataView asked = differences.Transform(model.Transform(ml.Data.LoadFromEnumerable(queries)));
ITransformer search = ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "Embedding", embedded, "Content", "Embedding", neighbors: 3).Fit(asked);
foreach (Found found in ml.Data.CreateEnumerable<Found>(search.Transform(asked), reuseRowObject: false))
{
    Console.WriteLine($"nearest to: {found.Content}");
    foreach ((string sentence, float score) in found.NeighborIds.Zip(found.NeighborScores))
        Console.WriteLine($"  {score:F2} {sentence}");
}

static void Show(TrainingProgress p)
{
    if (p.IsEpochEnd)
        Console.WriteLine($"epoch {p.Epoch}/{p.Epochs}  loss {p.EpochLoss:F3}  validation {p.Validation[0].Value:F3}  {p.Remaining:mm\\:ss} left");
}

internal sealed class Text
{
    public string Content { get; set; } = "";
}

internal sealed class Found
{
    public string Content { get; set; } = "";

    public string[] NeighborIds { get; set; } = [];

    public float[] NeighborScores { get; set; } = [];
}
