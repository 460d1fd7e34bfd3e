#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// A language model that does not recite: dotnet run samples/goldfish.cs [report folder] [epochs]
// Trains the same small model twice on licence texts in which secrets are planted, once with the plain loss and once with the goldfish
// loss, asks both to recite the secrets, and prints what they gave away side by side.

using System.Globalization;
using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Training;

string folder = args.ElementAtOrDefault(0) ?? "goldfish-report";
int epochs = int.Parse(args.ElementAtOrDefault(1) ?? "12", CultureInfo.InvariantCulture);
const int Secrets = 8, Copies = 12, SecretWords = 40;
string data = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "data", "licences.txt");

string[] paragraphs = [.. File.ReadAllText(data).Split("\n\n").Select(p => p.Trim()).Where(p => p.Length > 100)];
string[] words = [.. paragraphs.SelectMany(p => p.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(w => w.All(char.IsAsciiLetterLower)).Distinct()];

// A secret is a run of words that nothing but having read it could tell. Half of them are planted, the others are kept to compare with.
var random = new Random(1);
Document[] all = [.. Enumerable.Range(0, 2 * Secrets).Select(i => new Document { Text = $"Secret {i}: " + string.Join(' ', random.GetItems(words, SecretWords)) })];
Document[] planted = all[..Secrets], others = all[Secrets..];
IEnumerable<Document> texts = paragraphs.Select(p => new Document { Text = p }).Concat(Enumerable.Repeat(planted, Copies).SelectMany(s => s));

var ml = new MLContext(seed: 1);
IDataView documents = ml.Data.LoadFromEnumerable(texts.ToArray());
var tokenize = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 512).Fit(documents);
IDataView masked = Masked(documents);
IDataView rows = ml.Transforms.Text.ChunkTokens("Tokens", length: 96, alignedColumnNames: ["LossMask"]).Fit(masked).Transform(masked);

using CausalLanguageModelTransformer plain = Train(null), goldfish = Train("LossMask");
var audit = new MemorizationOptions { LossMaskColumnName = "LossMask", TextColumnName = "Text", NonMembers = Masked(ml.Data.LoadFromEnumerable(others)) };
IDataView secrets = Masked(ml.Data.LoadFromEnumerable(planted));
MemorizationMetrics recitedByPlain = ml.LanguageModeling.EvaluateMemorization(plain, secrets, audit);
MemorizationMetrics recitedByGoldfish = ml.LanguageModeling.EvaluateMemorization(goldfish, secrets, audit);

MemorizationReport report = new MemorizationReport("Planted secrets").Add("plain", recitedByPlain).Add("goldfish", recitedByGoldfish);
Console.WriteLine(report);
report.Save(folder);
Console.WriteLine($"secrets recited: plain {recitedByPlain.Extraction.ExactMatches} of {Secrets}, goldfish {recitedByGoldfish.Extraction.ExactMatches} of {Secrets}");
Console.WriteLine($"saved {folder}");

string prompt = "You may copy and distribute";
foreach ((string name, CausalLanguageModelTransformer model) in new[] { ("plain", plain), ("goldfish", goldfish) })
    Console.WriteLine($"{name}: {prompt}{model.GenerateText([prompt], new GenerationOptions { MaxNewTokens = 24, Temperature = 0.7, Seed = 1 })[0]}");

IDataView Masked(IDataView view)
{
    IDataView tokens = tokenize.Transform(view);
    return ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", k: 4).Fit(tokens).Transform(tokens);
}

CausalLanguageModelTransformer Train(string? lossMask)
{
    Console.WriteLine(lossMask is null ? "plain loss" : "goldfish loss");
    var options = new CausalLanguageModelOptions
    {
        LossMaskColumnName = lossMask,
        Seed = 1,
        Network = { ContextLength = 96, Width = 128, Layers = 3 },
        Training = { Epochs = epochs, Progress = new Progress<TrainingProgress>(Show) },
    };
    return ml.LanguageModeling.Trainers.Causal(options).Fit(rows);
}

static void Show(TrainingProgress p)
{
    if (p.IsEpochEnd)
        Console.WriteLine($"epoch {p.Epoch}/{p.Epochs}  loss {p.EpochLoss:F3}  {p.Remaining:mm\\:ss} left");
}

internal sealed class Document
{
    public string Text { get; set; } = "";
}
