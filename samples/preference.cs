#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// A language model that stops repeating itself: dotnet run samples/preference.cs [training steps]
// Trains a small model of characters on licence texts, lets it continue passages, and trains it by the pairwise Cringe loss to prefer what it
// writes when it draws its characters to what it writes when it always takes the likeliest, where that goes round in circles.

using System.Globalization;
using Microsoft.ML;
using MLNetExt.Torch;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Sequences;
using TorchSharp;

const int BatchSize = 16, Context = 96, PromptLength = 24, CompletionLength = 60, Samples = 4, NGram = 8;
int steps = int.Parse(args.ElementAtOrDefault(0) ?? "1500", CultureInfo.InvariantCulture);
string data = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "data", "licences.txt");

// The last licences are held out: the model is asked to continue what it has not seen.
string text = File.ReadAllText(data);
int end = text.IndexOf("MOZILLA PUBLIC LICENSE", StringComparison.Ordinal);
var random = new Random(1);

LibTorch.EnsureLoaded();
torch.set_num_threads(1);
var ml = new MLContext(seed: 1);
IDataView passages = ml.Data.LoadFromEnumerable(Passages(text[..end], steps * BatchSize, Context + 1).Select(t => new Passage { Text = t }).ToArray());
IDataView rows = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 261).Fit(passages).Transform(passages);
using CausalLanguageModelTransformer start = ml.LanguageModeling.Trainers.Causal(new CausalLanguageModelOptions
{
    BatchSize = BatchSize,
    Seed = 1,
    Network = { ContextLength = Context, Width = 96, Layers = 3, Heads = 4 },
    Training = { Epochs = 1, LearningRate = 3e-3 },
}).Fit(rows);
Console.WriteLine($"a model with {start.WeightCount:N0} weights after {steps} steps");

Pair[] pairs = [.. Pairs(Passages(text[..end], 600, PromptLength))];
Console.WriteLine($"{pairs.Length} pairs");
using PreferenceTransformer trained = ml.Preference.Trainers.PairwiseCringe(new PairwiseCringeOptions
{
    Model = start,
    AppendEnd = false,
    BatchSize = BatchSize,
    Epochs = 4,
    LearningRate = 5e-5,
    Seed = 1,
}).Fit(ml.Data.LoadFromEnumerable(pairs));

string[] prompts = Passages(text[end..], 200, PromptLength);
IReadOnlyList<string> before = Continue(start, prompts), after = Continue(trained.LanguageModel, prompts);
Console.WriteLine($"rep@{NGram} of {prompts.Length} continuations: {before.Average(Repetition):P1} before, {after.Average(Repetition):P1} after");
foreach (int i in Enumerable.Range(0, prompts.Length).OrderByDescending(i => Repetition(before[i])).Take(3))
    Console.WriteLine($"\n> {OneLine(prompts[i])}\nbefore: {OneLine(before[i])}\nafter:  {OneLine(after[i])}");

IEnumerable<Pair> Pairs(string[] beginnings)
{
    IReadOnlyList<string> greedy = Continue(start, beginnings);
    IReadOnlyList<string> drawn = Continue(start, [.. beginnings.SelectMany(b => Enumerable.Repeat(b, Samples))], temperature: 0.8);
    return beginnings
        .Select((prompt, i) => new Pair { Prompt = prompt, Chosen = drawn.Skip(i * Samples).Take(Samples).MinBy(Repetition)!, Rejected = greedy[i] })
        .Where(pair => Repetition(pair.Rejected) - Repetition(pair.Chosen) > 0.05);
}

string[] Passages(string source, int count, int length) =>
    [.. Enumerable.Range(0, count).Select(_ => source.Substring(random.Next(source.Length - length), length))];

static IReadOnlyList<string> Continue(CausalLanguageModelTransformer model, string[] beginnings, double temperature = 0) =>
    model.GenerateText(beginnings, new GenerationOptions { MaxNewTokens = CompletionLength, Temperature = temperature, TopK = temperature > 0 ? 10 : 0, Seed = 1 });

static double Repetition(string written) => NGrams.Repetition([.. written], NGram);

static string OneLine(string written) => string.Join(' ', written.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

internal sealed class Passage
{
    public string Text { get; set; } = "";
}

internal sealed class Pair
{
    public string Prompt { get; set; } = "";

    public string Chosen { get; set; } = "";

    public string Rejected { get; set; } = "";
}
