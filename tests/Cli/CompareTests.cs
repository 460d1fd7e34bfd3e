using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

/// <summary>compare on a model of verses and one that was trained to prefer colours.</summary>
[TestClass]
public class CompareTests
{
    private static Workplace s_place = null!;
    private static string s_start = null!;
    private static string s_prompts = null!;
    private static string s_pairs = null!;

    private static string Trained => s_place["trained.zip"];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_start = s_place.TrainStart("--epochs", "30");
        s_pairs = s_place.Write("tastes.csv", Tastes.Table(48));
        s_prompts = s_place.Write("prompts.txt", Tastes.Pairs(12, seed: 2).Select(pair => pair.Prompt));
        Workplace.Outcome outcome = Workplace.Run(
            "train", "preference", s_pairs, "--split-column", "part", "--model", s_start, "--epochs", "8", "--learning-rate", "0.01", "--out", Trained);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        SaveTaste(s_place["taste.zip"]);
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    [TestMethod]
    public void SavedReward_SaysWhoWins()
    {
        JsonElement json = Compare(Trained, s_start, s_prompts, "--reward", s_place["taste.zip"]).Json, rate = json.GetProperty("winRate");
        Assert.IsGreaterThan(0.75, rate.GetProperty("value").GetDouble());
        Assert.IsLessThanOrEqualTo(rate.GetProperty("value").GetDouble(), rate.GetProperty("low").GetDouble());
        Assert.AreEqual(12, rate.GetProperty("prompts").GetInt32());
        Assert.AreEqual(12, rate.GetProperty("wins").GetInt32() + rate.GetProperty("ties").GetInt32() + rate.GetProperty("losses").GetInt32());
        Assert.AreEqual(Trained, json.GetProperty("a").GetProperty("model").GetString());
        JsonElement b = json.GetProperty("b");
        Assert.AreEqual(s_start, b.GetProperty("model").GetString());
        Assert.IsInRange(0.0, 1.0, b.GetProperty("repetition").GetDouble());
        Assert.IsInRange(0.0, 1.0, b.GetProperty("distinct").GetProperty("1").GetDouble());
        Assert.IsGreaterThan(1, b.GetProperty("words").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, b.GetProperty("pairs").ValueKind);

        JsonElement reversed = Compare(s_start, Trained, s_prompts, "--reward", s_place["taste.zip"]).Json.GetProperty("winRate");
        Assert.AreEqual(1, rate.GetProperty("value").GetDouble() + reversed.GetProperty("value").GetDouble(), 1e-12);
    }

    [TestMethod]
    public void SameModel_TiesWithItself()
    {
        JsonElement rate = Compare(s_start, s_start, s_prompts, "--reward", "length").Json.GetProperty("winRate");
        Assert.AreEqual(0.5, rate.GetProperty("value").GetDouble());
        Assert.AreEqual(12, rate.GetProperty("identical").GetInt32());
    }

    [TestMethod]
    [DataRow("length")]
    [DataRow("repetition")]
    public void Rules_FollowWhatIsMeasured(string reward)
    {
        JsonElement json = Compare(Trained, s_start, s_prompts, "--reward", reward, "--unit", "character", "--repetition-length", "3", "--temperature", "1", "--seed", "3").Json;
        double Of(string model, string number) => json.GetProperty(model).GetProperty(number).GetDouble();
        double value = json.GetProperty("winRate").GetProperty("value").GetDouble();
        Assert.AreNotEqual(0.5, value);
        double ahead = reward == "length" ? Of("a", "characters") - Of("b", "characters") : Of("b", "repetition") - Of("a", "repetition");
        Assert.AreEqual(Math.Sign(value - 0.5), Math.Sign(ahead), json.GetRawText());
    }

    [TestMethod]
    public void Pairs_AreMeasuredForBoth()
    {
        JsonElement json = Compare(Trained, s_start, s_pairs, "--reward", "repetition", "--chosen", "chosen", "--rejected", "rejected", "--split-column", "part").Json;
        Assert.AreEqual(8, json.GetProperty("winRate").GetProperty("prompts").GetInt32(), "those that say test");
        double Accuracy(string model) => json.GetProperty(model).GetProperty("pairs").GetProperty("accuracy").GetDouble();
        Assert.IsGreaterThan(Accuracy("b"), Accuracy("a"));
        Assert.IsGreaterThan(json.GetProperty("b").GetProperty("unigramF1").GetDouble(), json.GetProperty("a").GetProperty("unigramF1").GetDouble(), "colours are what was chosen");
    }

    [TestMethod]
    public void TablesForPeople()
    {
        Workplace.Outcome outcome = Workplace.Run(
            "compare", Trained, s_start, s_pairs, "--reward", s_place["taste.zip"], "--chosen", "chosen", "--rejected", "rejected", "--split-column", "part", "--max-tokens", "10");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        foreach (string part in new[] { "Win rate of A", "Wins, ties, losses", "rep@4 (words)", "distinct-2", "Unfinished", "Preference accuracy", "Margin, quantile 0.5" })
            StringAssert.Contains(outcome.Out, part);
    }

    [TestMethod]
    public void Prompts_MayBeAColumn()
    {
        string table = s_place.Write("questions.jsonl", Tastes.Pairs(3).Select(pair => JsonSerializer.Serialize(new { question = pair.Prompt })));
        JsonElement rate = Compare(Trained, s_start, table, "--reward", "length", "--prompt", "question").Json.GetProperty("winRate");
        Assert.AreEqual(3, rate.GetProperty("prompts").GetInt32());
    }

    [TestMethod]
    public void WhatCannotBeUsed_IsNamed()
    {
        void Fails(string[] more, params string[] parts) => Refuses(Workplace.Run(["compare", Trained, s_start, s_prompts, .. more]), parts);
        Fails([], "--reward");
        Fails(["--reward", "none.zip"], "--reward: there is no model file 'none.zip', and it is neither 'repetition' nor 'length'.");
        Fails(["--reward", s_start], "is a folder: name a model file");
        Fails(["--reward", Trained], "--reward", "is no model that reads Prompt, Completion or Text");
        Assert.DoesNotContain("(Parameter", Workplace.Run("compare", Trained, s_start, s_prompts, "--reward", Trained).Error);
        Fails(["--reward", "length", "--max-tokens", "48"], "--max-tokens");
        Fails(["--reward", "length", "--chosen", "chosen"], "Use --chosen and --rejected together.");
        Fails(["--reward", "length", "--chosen", "chosen", "--rejected", "rejected"], "--chosen and --rejected", "is plain text and has no columns");
        Fails(["--reward", "length", "--no-end"], "--no-end needs --chosen and --rejected.");
        Fails(["--reward", "length", "--split-column", "part"], "is plain text and has no columns");
        Refuses(Workplace.Run("compare", Trained, s_start, s_place["none.txt"], "--reward", "length"), "There is no file");
        Refuses(Workplace.Run("compare", Trained, s_start, s_pairs, "--reward", "length", "--prompt", "prompts"), "no column 'prompts' (--prompt)", "Did you mean 'prompt'?");
        Refuses(Workplace.Run("compare", Trained, s_place["taste.zip"], s_prompts, "--reward", "length"), "is no language model");
    }

    private static Workplace.Outcome Compare(string a, string b, string prompts, params string[] more) =>
        Workplace.Run(["compare", a, b, prompts, .. more.Contains("--max-tokens") ? more : [.. more, "--max-tokens", "10"], "--json"]);

    /// <summary>A regression of ML.NET that scores completions: 1 for colours, 0 for things.</summary>
    private static void SaveTaste(string path)
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(Tastes.Pairs(60, seed: 5).SelectMany(pair => new[]
        {
            new Judged { Completion = pair.Chosen, Label = 1 },
            new Judged { Completion = pair.Rejected, Label = 0 },
        }));
        ITransformer model = ml.Transforms.Text.FeaturizeText("Features", "completion").Append(ml.Regression.Trainers.Sdca()).Fit(rows);
        ml.Model.Save(model, ml.Data.LoadFromEnumerable(Array.Empty<Read>()).Schema, path);
    }

    private sealed class Judged
    {
        [ColumnName("completion")]
        public string Completion { get; set; } = "";

        public float Label { get; set; }
    }

    private sealed class Read
    {
        [ColumnName("completion")]
        public string Completion { get; set; } = "";
    }
}
