using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

/// <summary>generate, audit memorization and inspect on models of verses.</summary>
[TestClass]
public class LanguageModelTests
{
    private static Workplace s_place = null!;
    private static string s_data = null!;

    private static string Model => s_place["model.zip"];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_data = s_place.Write("verses.txt", Verses.Lines(12));
        Workplace.Outcome outcome = s_place.TrainVerses(
            s_data, "--documents", "lines", "--width", "32", "--epochs", "60", "--learning-rate", "0.02", "--huggingface", s_place["directory"]);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        s_place.Write("flowers.csv", Tables.FlowerLines(30));
        Assert.AreEqual(0, Workplace.Run("train", "squentropy", s_place["flowers.csv"], "--label", "label", "--out", s_place["classifier.zip"], "--epochs", "1").ExitCode);
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    [TestMethod]
    [DataRow("model.zip")]
    [DataRow("directory")]
    public void Generate_StreamsWhatTheModelSays(string model)
    {
        string verse = Verses.Lines(1).Single(), prompt = verse[..verse.IndexOf(' ', 20)];
        Workplace.Outcome outcome = Workplace.Run("generate", s_place[model], "--prompt", prompt, "--max-tokens", "20");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.AreEqual(Said(prompt, new GenerationOptions { MaxNewTokens = 20 }) + Environment.NewLine, outcome.Out);
        JsonElement json = Workplace.Run("generate", s_place[model], "--prompt", prompt, "--max-tokens", "20", "--json").Json;
        Assert.AreEqual(outcome.Out.TrimEnd('\n'), json[0].GetProperty("text").GetString());
        StringAssert.StartsWith(verse[prompt.Length..], outcome.Out[..6], "the prompt does not end the document, though the tokenizer sets an end token behind texts");
        Assert.AreEqual(prompt, json[0].GetProperty("prompt").GetString());
    }

    [TestMethod]
    public void Generate_DrawsBySeed_AndStopsAtTexts()
    {
        string Text(params string[] more) => Workplace.Run(["generate", Model, "--prompt", "Verse 1-3:", "--max-tokens", "24", .. more]).Out;
        string[] draws = [.. new[] { "1", "1", "2" }.Select(seed => Text("--temperature", "2", "--top-k", "50", "--top-p", "0.99", "--repetition-penalty", "1.1", "--seed", seed))];
        Assert.AreEqual(draws[0], draws[1]);
        Assert.AreNotEqual(draws[0], draws[2]);
        string whole = Text();
        Assert.AreEqual(whole[..whole.IndexOf(' ', 1)].TrimEnd(), Text("--stop", whole.Trim().Split(' ')[1]).TrimEnd());
    }

    [TestMethod]
    public void Generate_TakesSeveralPrompts_AndBeams()
    {
        string[] prompts = ["Verse 1-0:", "Verse 1-1:"];
        string file = s_place.Write("prompts.txt", prompts[0], "", prompts[1]);
        Workplace.Outcome ofFile = Workplace.Run("generate", Model, "--prompts", file, "--max-tokens", "8", "--beams", "3");
        Workplace.Outcome ofOptions = Workplace.Run("generate", Model, "--prompt", prompts[0], "--prompt", prompts[1], "--max-tokens", "8", "--beams", "3");
        Assert.AreEqual(0, ofFile.ExitCode, ofFile.Error);
        Assert.AreEqual(ofFile.Out, ofOptions.Out);
        var beams = new GenerationOptions { MaxNewTokens = 8, Beams = 3 };
        Assert.AreEqual(string.Concat(prompts.Select(p => $"> {p}\n{Said(p, beams)}\n")), ofFile.Out);
        Workplace.Outcome alone = Workplace.Run("generate", Model, "--prompt", prompts[0], "--max-tokens", "8", "--beams", "3");
        Assert.AreEqual(Said(prompts[0], beams) + Environment.NewLine, alone.Out);
    }

    [TestMethod]
    public void Generate_EndsTidilyWithCtrlC()
    {
        using var interrupt = new CancellationTokenSource();
        interrupt.Cancel();
        using var error = new StringWriter();
        Workplace.Outcome outcome = Workplace.Run(["generate", Model, "--prompt", "Verse"], error, interrupt.Token);
        Assert.AreEqual(130, outcome.ExitCode);
        Assert.AreEqual($"Cancelled.{Environment.NewLine}", outcome.Error);
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Generate_OfManyPrompts_EndsPromptlyWithCtrlC()
    {
        // Minutes of work, and a user with a second of patience.
        string prompts = s_place.Write("many.txt", Enumerable.Repeat("Verse 1-0:", 20_000));
        using var interrupt = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var error = new StringWriter();
        Workplace.Outcome outcome = Workplace.Run(["generate", Model, "--prompts", prompts, "--max-tokens", "40", "--beams", "3", "--json"], error, interrupt.Token);
        Assert.AreEqual(130, outcome.ExitCode);
        Assert.AreEqual("", outcome.Out, "half a result would be taken for a whole one");
        Assert.AreEqual($"Cancelled.{Environment.NewLine}", outcome.Error);
    }

    [TestMethod]
    public void Generate_NamesWhatCannotBeUsed()
    {
        void Fails(string[] arguments, params string[] parts) => Refuses(Workplace.Run(["generate", .. arguments]), parts);
        Fails([Model], "Use one of --prompt and --prompts");
        Fails([Model, "--prompt", "a", "--prompts", s_data], "Use one of --prompt and --prompts");
        Fails([Model, "--prompts", s_place["none.txt"]], "There is no file");
        Fails([Model, "--prompt", "a", "--max-tokens", "100"], "--max-tokens is 100", "reads at most 48");
        Fails([Model, "--prompt", string.Join(' ', Verses.Lines(5)), "--json"], "shorten the prompt");
        Fails([Model, "--prompt", "a", "--beams", "2", "--temperature", "1"], "--beams is 2", "--temperature must be 0");
        Fails([Model, "--prompt", "a", "--top-k", "5"], "--top-k and --top-p choose", "--temperature is 0");
        Fails([Model, "--prompt", "a", "--top-p", "0"], "--top-p must be a number in (0, 1]");
        Fails([s_place["classifier.zip"], "--prompt", "a"], "is no language model");
        Fails([s_place["none.zip"], "--prompt", "a"], "There is no model file");
        Directory.CreateDirectory(s_place["empty"]);
        Fails([s_place["empty"], "--prompt", "a"], "config.json");
        CopyWithoutTokenizer();
        Fails([s_place["wordless"], "--prompt", "a"], "has no tokenizer", "tokenizer.json");
        string tokenizer = File.ReadAllText(s_place["directory/tokenizer.json"]);
        File.WriteAllText(s_place["wordless/tokenizer.json"], tokenizer.Replace("\"ignore_merges\":false", "\"ignore_merges\":true", StringComparison.Ordinal));
        Fails([s_place["wordless"], "--prompt", "a"], "error: '", "tokenizer.json' cannot be used: The tokenizer's 'model.ignore_merges' is true; supported is false.");
    }

    [TestMethod]
    public void Pipelines_ThatChangeTextsBeforeTheyAreTokenized_AreRefused()
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Model, out DataViewSchema inputs);
        IDataView texts = ml.Data.LoadFromTextFile(s_data, [new TextLoader.Column("Text", DataKind.String, 0)]);
        void Save(string file, params ITransformer[] parts) => ml.Model.Save(new TransformerChain<ITransformer>(parts), inputs, s_place[file]);
        Save("lower.zip", ml.Transforms.Text.NormalizeText("Text").Fit(texts), model);
        Save("longer.zip", model, ml.Transforms.CopyColumns("Surprise", "Perplexity").Fit(model.Transform(texts)));
        void Refused(params string[] command) =>
            Refuses(Workplace.Run(command), "lower.zip", "before they are tokenized (TextNormalizingTransformer)", "begins with TokenizeBytePairs");
        Refused("generate", s_place["lower.zip"], "--prompt", "A");
        Refused("audit", "memorization", s_place["lower.zip"], s_data);
        Refused("train", "lm", s_data, "--from", s_place["lower.zip"], "--out", s_place["m.zip"]);
        Assert.AreEqual(Workplace.Run("generate", Model, "--prompt", "Verse").Out, Workplace.Run("generate", s_place["longer.zip"], "--prompt", "Verse").Out);
    }

    [TestMethod]
    public void Audit_MeasuresWhatIsRecited_SideBySide()
    {
        Workplace.Outcome goldfish = Workplace.Run(
            "train", "lm", s_data, "--documents", "lines", "--goldfish", "2", "--goldfish-window", "4", "--vocabulary", "300", "--context", "48", "--width", "32", "--layers", "1",
            "--heads", "2", "--batch-size", "8", "--epochs", "60", "--learning-rate", "0.02", "--out", s_place["goldfish.zip"]);
        Assert.AreEqual(0, goldfish.ExitCode, goldfish.Error);
        string others = s_place.Write("others.txt", Verses.Lines(12, seed: 2));
        string[] arguments =
        [
            "audit", "memorization", Model, s_data, "--documents", "lines", "--prefix", "12", "--suffix", "12", "--goldfish", "2", "--goldfish-window", "4",
            "--against", s_place["goldfish.zip"], "--non-members", others, "--beams", "2", "--report", s_place["report"],
        ];
        Workplace.Outcome table = Workplace.Run(arguments);
        Assert.AreEqual(0, table.ExitCode, table.Error);
        foreach (string part in new[] { "model", "goldfish", "Exact match, greedy", "RougeL, 2 beams", "First divergence on a dropped token", "Loss attack: AUC", "Loss / zlib attack" })
            StringAssert.Contains(table.Out, part);
        StringAssert.Contains(File.ReadAllText(s_place["report/report.md"]), "divergence-2.svg");

        JsonElement[] models = [.. Workplace.Run([.. arguments, "--json"]).Json.GetProperty("models").EnumerateArray()];
        double Recited(int model) => models[model].GetProperty("greedy").GetProperty("tokenAccuracy").GetDouble();
        Assert.AreEqual(12, models[0].GetProperty("documents").GetInt32());
        Assert.IsGreaterThan(0.9, Recited(0), "sixty epochs of twelve verses");
        Assert.IsLessThan(0.7, Recited(1), "half of the tokens were never learned");
        Assert.IsGreaterThan(0.7, models[1].GetProperty("greedy").GetProperty("divergedOnDroppedShare").GetDouble());
        Assert.IsGreaterThan(0.9, models[0].GetProperty("membership").GetProperty("loss").GetProperty("auc").GetDouble());
    }

    [TestMethod]
    public void Audit_TakesTables_AndTellsOfShortDocuments()
    {
        string table = s_place.Write("verses.csv", [.. Verses.Table(6), "train,short"]);
        Workplace.Outcome outcome = Workplace.Run("audit", "memorization", s_place["directory"], table, "--text", "verse", "--prefix", "8", "--suffix", "8", "--json");
        JsonElement model = outcome.Json.GetProperty("models")[0];
        Assert.AreEqual(6, model.GetProperty("documents").GetInt32());
        Assert.AreEqual(1, model.GetProperty("documentsTooShort").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, model.GetProperty("membership").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, model.GetProperty("greedy").GetProperty("divergedOnDropped").ValueKind);
        StringAssert.Contains(outcome.Error, $"'{s_place["directory"]}': 1 documents have fewer than 16 tokens");
    }

    [TestMethod]
    public void Audit_TellsMembersByTheSplitColumn()
    {
        string table = s_place.Write("parts.csv", Verses.Table(18));
        JsonElement model = Workplace.Run("audit", "memorization", Model, table, "--text", "verse", "--split-column", "part", "--prefix", "8", "--suffix", "8", "--json").Json.GetProperty("models")[0];
        Assert.AreEqual(12, model.GetProperty("documents").GetInt32(), "four of six rows say train");
        Assert.AreEqual(3, model.GetProperty("membership").GetProperty("nonMembers").GetInt32(), "one of six says test");
        Refuses(Workplace.Run("audit", "memorization", Model, table, "--text", "verse", "--split-column", "parts"), "Did you mean 'part'?");
        Refuses(Workplace.Run("audit", "memorization", Model, s_data, "--split-column", "part"), "is plain text and has no columns");
    }

    [TestMethod]
    public void Audit_NamesWhatCannotBeUsed()
    {
        void Fails(string[] more, params string[] parts) => Refuses(Workplace.Run(["audit", "memorization", Model, s_data, .. more]), parts);
        Fails(["--prefix", "40", "--suffix", "40"], "do not fit the model's context of 48", "--prefix or --suffix");
        Fails(["--documents", "lines", "--prefix", "24", "--suffix", "24", "--goldfish", "1"], "--goldfish must be 0 for none");
        string brief = s_place.Write("brief.txt", "too short");
        Refuses(Workplace.Run("audit", "memorization", Model, brief, "--prefix", "24", "--suffix", "24"), "have fewer tokens than --prefix 24 and --suffix 24");
        Fails(["--non-members", s_place["none.txt"]], "There is no file");
        Fails(["--against", Model], "--against", "is named twice");
        Fails(["--against", s_place["none.zip"]], "There is no model file");
        Fails(["--report", s_data], "--report", "is a file");
        Refuses(Workplace.Run("audit", "memorization", s_place["classifier.zip"], s_data), "is no language model");
    }

    [TestMethod]
    public void OtherCommands_NeedOtherModels()
    {
        Refuses(Workplace.Run("embed", Model, s_place["flowers.csv"], "--out", s_place["e.csv"]), "is no model with two towers");
        Refuses(Workplace.Run("embed", s_place["directory"], s_place["flowers.csv"], "--out", s_place["e.csv"]), $"'{s_place["directory"]}' is a folder: name a model file.");
    }

    [TestMethod]
    public void Inspect_DescribesTheLanguageModel()
    {
        JsonElement[] parts = [.. Workplace.Run("inspect", Model, "--json").Json.GetProperty("parts").EnumerateArray()];
        JsonElement model = parts.Single(p => p.GetProperty("component").GetString() == "MLNetExt.CausalLM").GetProperty("languageModel");
        Assert.AreEqual("llama", model.GetProperty("family").GetString());
        Assert.AreEqual(1, model.GetProperty("layers").GetInt32());
        Assert.AreEqual(32, model.GetProperty("width").GetInt32());
        Assert.AreEqual(48, model.GetProperty("context").GetInt32());
        Assert.AreEqual(300, model.GetProperty("vocabulary").GetInt32());
        Assert.IsGreaterThan(300 * 32, model.GetProperty("weights").GetInt64());
        StringAssert.Contains(Workplace.Run("inspect", Model).Out, "llama language model");
    }

    [TestMethod]
    public void Inspect_DescribesADirectory()
    {
        JsonElement json = Workplace.Run("inspect", s_place["directory"], "--json").Json;
        JsonElement part = json.GetProperty("parts").EnumerateArray().Single();
        Assert.AreEqual("MLNetExt.CausalLM", part.GetProperty("component").GetString());
        Assert.AreEqual(48, part.GetProperty("languageModel").GetProperty("context").GetInt32());
        Assert.AreEqual(new DirectoryInfo(s_place["directory"]).EnumerateFiles().Sum(f => f.Length), json.GetProperty("bytes").GetInt64());
        StringAssert.Contains(Workplace.Run("inspect", s_place["directory"]).Out, "llama language model");
        Refuses(Workplace.Run("inspect", s_place["."]), "config.json");
    }

    private static string Said(string prompt, GenerationOptions options)
    {
        var ml = new MLContext();
        using CausalLanguageModelTransformer model = ml.LanguageModeling.LoadHuggingFace(s_place["directory"]);
        return model.GenerateText([prompt], options).Single();
    }

    private static void CopyWithoutTokenizer()
    {
        Directory.CreateDirectory(s_place["wordless"]);
        foreach (string file in new[] { "config.json", "model.safetensors" })
            File.Copy(s_place[$"directory/{file}"], s_place[$"wordless/{file}"]);
    }
}
