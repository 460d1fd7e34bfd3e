using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Preference;

namespace MLNetExt.Tests.Cli;

/// <summary>evaluate, predict and inspect on models of MLNetExt and of ML.NET.</summary>
[TestClass]
public class ScoringTests
{
    private static Workplace s_place = null!;
    private static string s_data = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_data = s_place.Write("flowers.csv", Tables.FlowerLines(120));
        Assert.AreEqual(0, s_place.Train(s_data, "--epochs", "30").ExitCode);

        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromTextFile(
            s_data,
            [new TextLoader.Column("length", DataKind.Single, 0), new TextLoader.Column("width", DataKind.Single, 1), new TextLoader.Column("label", DataKind.String, 2)],
            separatorChar: ',',
            hasHeader: true);
        ITransformer stock = ml.Transforms.Conversion.MapValueToKey("Label", "label")
            .Append(ml.Transforms.Concatenate("Features", "length", "width"))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Fit(rows);
        ml.Model.Save(stock, rows.Schema, s_place["stock.zip"]);
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    [TestMethod]
    [DataRow("model.zip")]
    [DataRow("stock.zip")]
    public void Evaluate_AgreesWithMlNet(string model)
    {
        JsonElement json = Workplace.Run("evaluate", s_place[model], s_data, "--label", "label", "--json").Json;

        var ml = new MLContext();
        ITransformer loaded = ml.Model.Load(s_place[model], out _);
        IDataView rows = ml.Data.LoadFromTextFile(
            s_data,
            [new TextLoader.Column("length", DataKind.Single, 0), new TextLoader.Column("width", DataKind.Single, 1), new TextLoader.Column("label", DataKind.String, 2)],
            separatorChar: ',',
            hasHeader: true);
        IDataView scored = ml.Transforms.Conversion.MapValueToKey("Label", "label").Fit(rows).Transform(loaded.Transform(rows));
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored);
        Assert.AreEqual(metrics.MicroAccuracy, json.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.AreEqual(metrics.MacroAccuracy, json.GetProperty("macroAccuracy").GetDouble(), 1e-9);
        Assert.AreEqual(metrics.LogLoss, json.GetProperty("logLoss").GetDouble(), 1e-6);
        Assert.AreEqual(120, json.GetProperty("rows").GetInt32());
        Assert.HasCount(3, json.GetProperty("classes").EnumerateArray().ToArray());
    }

    [TestMethod]
    public void Evaluate_CountsPerClassAndUnusualRows()
    {
        string data = s_place.Write("odd.csv", "width,split,length,kind", "5.5,test,0.5,iris", "5.5,test,0.5,rose", "1.5,test,4.5,tulip", "1.5,test,4.5,", "1.5,train,4.5,iris");
        JsonElement json = Workplace.Run("evaluate", s_place["model.zip"], data, "--label", "kind", "--split-column", "split", "--json").Json;
        Assert.AreEqual(3, json.GetProperty("rows").GetInt32());
        Assert.AreEqual(1, json.GetProperty("rowsWithoutLabel").GetInt32());
        Assert.AreEqual(1, json.GetProperty("rowsOfUnknownClass").GetInt32());
        Assert.AreEqual(1 / 3.0, json.GetProperty("accuracy").GetDouble(), 1e-12);
        JsonElement iris = json.GetProperty("classes")[0];
        Assert.AreEqual("iris", iris.GetProperty("class").GetString());
        Assert.AreEqual(0.5, iris.GetProperty("precision").GetDouble());
        Assert.AreEqual(1.0, iris.GetProperty("recall").GetDouble());
    }

    [TestMethod]
    public void Evaluate_DrawsAndTabulates()
    {
        Workplace.Outcome outcome = Workplace.Run("evaluate", s_place["model.zip"], s_data, "--label", "label", "--diagram", s_place["d.svg"]);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        StringAssert.Contains(File.ReadAllText(s_place["d.svg"]), "<svg");
        foreach (string part in new[] { "macro accuracy", "MCE", "Brier", "precision", "lily" })
            StringAssert.Contains(outcome.Out, part);
    }

    [TestMethod]
    [DataRow("model.zip")]
    [DataRow("stock.zip")]
    public void Predict_WritesARowForEachRow(string model)
    {
        string output = s_place[$"{model}.csv"];
        Assert.AreEqual(0, Workplace.Run("predict", s_place[model], s_data, "--out", output, "--scores", "--copy", "label").ExitCode);
        string[][] lines = [.. File.ReadLines(output).Select(l => l.Split(','))];
        CollectionAssert.AreEqual(
            new[] { "row", "label", "prediction", "probability", "probability of iris", "probability of lily", "probability of rose" }, lines[0]);
        Assert.HasCount(121, lines);
        for (int i = 1; i < lines.Length; i++)
        {
            double[] scores = [.. lines[i][4..].Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
            Assert.AreEqual((i - 1).ToString(CultureInfo.InvariantCulture), lines[i][0]);
            Assert.AreEqual(1, scores.Sum(), 1e-5);
            Assert.AreEqual(scores.Max(), double.Parse(lines[i][3], CultureInfo.InvariantCulture));
            Assert.AreEqual(lines[i][1], lines[i][2], $"row {lines[i][0]}");
        }
    }

    [TestMethod]
    public void Predict_NeedsNoLabelAndFillsGaps()
    {
        string data = s_place.Write("raw.csv", "note,width,length", "\"a, b\",5.5,0.5", "c,,4.5");
        Workplace.Outcome outcome = Workplace.Run("predict", s_place["model.zip"], data, "--copy", "note");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        string[] lines = outcome.Out.Trim().Split('\n');
        Assert.HasCount(3, lines);
        StringAssert.StartsWith(lines[1], "0,\"a, b\",iris,");
        StringAssert.StartsWith(lines[2], "1,c,");
        Assert.DoesNotContain("NaN", outcome.Out);
    }

    [TestMethod]
    public void Predict_WarnsOfCellsItCannotRead()
    {
        Workplace.Outcome outcome = Workplace.Run("predict", s_place["model.zip"], s_place.Write("bad.csv", "length,width", "abc,1", "1,2"));
        Assert.AreEqual(0, outcome.ExitCode);
        StringAssert.Contains(outcome.Error, "warning: Bad value at line 2 in column length");
    }

    [TestMethod]
    public void Predict_MissingColumn_LeavesTheOldFile()
    {
        string output = s_place.Write("old.csv", "precious");
        Workplace.Outcome outcome = Workplace.Run("predict", s_place["model.zip"], s_place.Write("less.csv", "lenght,width", "1,2"), "--out", output);
        Assert.AreEqual(2, outcome.ExitCode);
        StringAssert.Contains(outcome.Error, "no column 'length'");
        StringAssert.Contains(outcome.Error, "Did you mean 'lenght'?");
        Assert.AreEqual("precious\n", File.ReadAllText(output));
    }

    [TestMethod]
    public void Inspect_TellsOursFromMlNets()
    {
        JsonElement json = Workplace.Run("inspect", s_place["model.zip"], "--json").Json;
        CollectionAssert.AreEqual(new[] { "length", "width" }, json.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("name").GetString()).ToArray());
        JsonElement[] parts = [.. json.GetProperty("parts").EnumerateArray()];
        JsonElement ours = parts.Single(p => p.GetProperty("component").ValueKind == JsonValueKind.String);
        Assert.AreEqual("MLNetExt.Squentropy", ours.GetProperty("component").GetString());
        Assert.AreEqual("MLNetExt.Squentropy", ours.GetProperty("header").GetProperty("component").GetString());
        JsonElement classifier = ours.GetProperty("classifier");
        Assert.AreEqual(3, classifier.GetProperty("classCount").GetInt32());
        Assert.AreEqual(2, classifier.GetProperty("features").GetInt32());
        Assert.AreEqual((2 + 1) * 16 + (16 + 1) * 3, classifier.GetProperty("weights").GetInt64());
        Assert.IsGreaterThan(2, parts.Length);

        Workplace.Outcome stock = Workplace.Run("inspect", s_place["stock.zip"]);
        StringAssert.Contains(stock.Out, "MulticlassPredictionTransformer");
        Assert.DoesNotContain("MLNetExt.", stock.Out);
    }

    [TestMethod]
    public void Inspect_DescribesARewardModel()
    {
        var ml = new MLContext(seed: 1);
        IDataView pairs = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new RewardPair { Good = [i % 3, 1], Bad = [i % 3, 0] }));
        using RewardModelTransformer reward = ml.Preference.Trainers.RewardModel(
            new RewardModelOptions { ChosenColumnName = "Good", RejectedColumnName = "Bad", InputColumnName = "Reply" }).Fit(pairs);
        ml.Model.Save(reward, pairs.Schema, s_place["reward.zip"]);

        JsonElement part = Workplace.Run("inspect", s_place["reward.zip"], "--json").Json.GetProperty("parts").EnumerateArray().Single();
        JsonElement json = part.GetProperty("reward");
        Assert.AreEqual("MLNetExt.RewardModel", part.GetProperty("component").GetString());
        Assert.AreEqual("Linear", json.GetProperty("kind").GetString());
        Assert.AreEqual("Reply", json.GetProperty("inputColumn").GetString());
        Assert.AreEqual("Good", json.GetProperty("chosenColumn").GetString());
        Assert.AreEqual("Bad", json.GetProperty("rejectedColumn").GetString());
        Assert.AreEqual(reward.WeightCount, json.GetProperty("weights").GetInt64());
        string table = Workplace.Run("inspect", s_place["reward.zip"]).Out;
        foreach (string word in new[] { "Linear reward", "'Reply'", "'Good'", "'Bad'" })
            StringAssert.Contains(table, word);
    }

    [TestMethod]
    [DataRow("evaluate")]
    [DataRow("predict")]
    [DataRow("inspect")]
    public void ModelOfAnotherPackage_NamesThePackage(string command)
    {
        string model = s_place[$"elsewhere-{command}.zip"];
        File.Copy(s_place["model.zip"], model);
        using (ZipArchive zip = ZipFile.Open(model, ZipArchiveMode.Update))
        {
            using Stream stream = zip.Entries.Single(e => e.Name == "component.json").Open();
            JsonObject header = JsonNode.Parse(stream)!.AsObject();
            header["assembly"] = "Some.Other.Package";
            stream.SetLength(0);
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(header));
        }

        string[] rest = command switch { "evaluate" => [s_data, "--label", "label"], "predict" => [s_data], _ => [] };
        Workplace.Outcome outcome = Workplace.Run([command, model, .. rest]);
        Assert.AreEqual(2, outcome.ExitCode, outcome.Error);
        StringAssert.Contains(outcome.Error, "cannot be loaded as an ML.NET model");
        StringAssert.Contains(outcome.Error, "reference the package Some.Other.Package");
        Assert.DoesNotContain("target of an invocation", outcome.Error);
    }

    [TestMethod]
    [DataRow("evaluate")]
    [DataRow("predict")]
    [DataRow("inspect")]
    public void NoModel_IsRefused(string command)
    {
        string[] rest = command switch { "evaluate" => [s_data, "--label", "label"], "predict" => [s_data], _ => [] };
        Workplace.Outcome missing = Workplace.Run([command, s_place["none.zip"], .. rest]);
        Assert.AreEqual(2, missing.ExitCode);
        StringAssert.Contains(missing.Error, "There is no model file");
        Workplace.Outcome wrong = Workplace.Run([command, s_data, .. rest]);
        Assert.AreEqual(2, wrong.ExitCode);
        StringAssert.Contains(wrong.Error, "cannot be loaded as an ML.NET model");
    }

    private sealed class RewardPair
    {
        [VectorType(2)]
        public float[] Good { get; set; } = [];

        [VectorType(2)]
        public float[] Bad { get; set; } = [];
    }
}
