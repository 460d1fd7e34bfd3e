using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainSquentropyTests
{
    [TestMethod]
    public void Letter_IsTrainedAndMeasuredBySplitColumn()
    {
        using var place = new Workplace();
        string data = place.Write("letter.csv", Tables.LetterLines(10));
        int testRows = File.ReadLines(data).Count(l => l.Split(',')[1] == "test");

        Workplace.Outcome outcome = Workplace.Run(
            "train", "squentropy", data, "--label", "label", "--split-column", "split", "--out", place["new/folder/letter.zip"], "--epochs", "5", "--json");

        JsonElement json = outcome.Json;
        Assert.AreEqual(testRows, json.GetProperty("testRows").GetInt32());
        Assert.AreEqual(2001 - 1 - testRows, json.GetProperty("rows").GetInt32());
        Assert.AreEqual(26, json.GetProperty("classes").GetInt32());
        Assert.AreEqual(5, json.GetProperty("epochs").GetInt32());
        Assert.IsGreaterThan(0.5, json.GetProperty("accuracy").GetDouble());
        Assert.IsInRange(0.0, 1.0, json.GetProperty("ece").GetDouble());
        Assert.IsGreaterThan(0.0, json.GetProperty("logLoss").GetDouble());
        Assert.IsTrue(File.Exists(json.GetProperty("model").GetString()));
        Assert.AreEqual(5, outcome.Error.Split('\n').Count(l => l.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.HasCount(1, Directory.GetFileSystemEntries(place["new/folder"]), "the checkpoints go with success");
    }

    [TestMethod]
    public void Table_ShowsAccuracyLogLossAndEce()
    {
        using var place = new Workplace();
        Workplace.Outcome outcome = Workplace.Run(
            "train", "squentropy", place.Write("f.csv", Tables.FlowerLines(60)), "--label", "label", "--out", place["m.zip"], "--epochs", "2", "--test-fraction", "0.3");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        foreach (string name in new[] { "accuracy", "log-loss", "ECE", "%", "m.zip" })
            StringAssert.Contains(outcome.Out, name);
    }

    [TestMethod]
    public void Model_IsLoadedByStockMlNet()
    {
        using var place = new Workplace();
        string data = place.Write("flowers.csv", Tables.FlowerLines(120));
        Assert.AreEqual(120, place.Train(data, "--epochs", "30").Json.GetProperty("rows").GetInt32());

        var ml = new MLContext();
        ITransformer model = ml.Model.Load(place["model.zip"], out DataViewSchema inputs);
        CollectionAssert.AreEqual(new[] { "length", "width" }, inputs.Select(c => c.Name).ToArray());
        using var engine = ml.Model.CreatePredictionEngine<Flower, Prediction>(model);
        Assert.AreEqual("rose", engine.Predict(new Flower { Length = 4.5f, Width = 1.5f }).PredictedLabel);
        Assert.AreEqual("iris", engine.Predict(new Flower { Length = 0.5f, Width = 5.5f }).PredictedLabel);
    }

    [TestMethod]
    public void TabSeparatedText_QuotesAndGaps_AreLearned()
    {
        using var place = new Workplace();
        string[] topics = ["the card\twas stolen", "please send\nmy money", "what is \"the\" rate"];
        IEnumerable<string> rows = Enumerable.Range(0, 90).Select(i =>
            $"\"{topics[i % 3].Replace("\"", "\"\"", StringComparison.Ordinal)} {i}\"\t{(i % 5 == 0 ? "" : i)}\t{(i % 2 == 0 ? "web" : "phone")}\t{"xyz"[i % 3]}");
        string data = place.Write("mail.tsv", ["message\tage\tchannel\tlabel", .. rows]);
        JsonElement json = place.Train(data, "--epochs", "30", "--test-fraction", "0.2").Json;
        Assert.AreEqual(1.0, json.GetProperty("accuracy").GetDouble(), 1e-9);
    }

    [TestMethod]
    public void TestFile_IsMeasuredWithTheTrainingFilesColumns()
    {
        using var place = new Workplace();
        string train = place.Write("train.csv", Tables.FlowerLines(90));
        string test = place.Write("test.tsv", Tables.FlowerLines(30, '\t', seed: 2));
        JsonElement json = place.Train(train, "--test", test, "--epochs", "30").Json;
        Assert.AreEqual(30, json.GetProperty("testRows").GetInt32());
        Assert.AreEqual(1.0, json.GetProperty("accuracy").GetDouble(), 1e-9);
    }

    [TestMethod]
    public void WithoutTestPart_ThereIsNoAccuracy()
    {
        using var place = new Workplace();
        Workplace.Outcome outcome = place.Train(place.Write("f.csv", Tables.FlowerLines(30)), "--epochs", "1", "--temperature-scaling");
        Assert.AreEqual(JsonValueKind.Null, outcome.Json.GetProperty("accuracy").ValueKind);
    }

    [TestMethod]
    public void FewClasses_AreToldOfTheReducedWeight_AndMayKeepIt()
    {
        using var place = new Workplace();
        string data = place.Write("f.csv", Tables.FlowerLines(60));
        Workplace.Outcome Train(params string[] more) => place.Train(data, ["--epochs", "2", "--test-fraction", "0.5", .. more]);

        Workplace.Outcome reduced = Train();
        StringAssert.Contains(
            reduced.Error, "note: With 3 classes --square-weight is reduced from 1 to 0.1; set --few-classes to 'keep' to keep it.");
        Workplace.Outcome kept = Train("--few-classes", "keep");
        Assert.DoesNotContain("reduced", kept.Error);
        StringAssert.Contains(kept.Error, "warning: With 3 classes");
        double Loss(Workplace.Outcome outcome) => outcome.Json.GetProperty("logLoss").GetDouble();
        Assert.AreEqual(Loss(reduced), Loss(Train("--few-classes", "keep", "--square-weight", "0.1")));
        Assert.AreNotEqual(Loss(reduced), Loss(kept));
    }

    [TestMethod]
    public void SameSeed_SameModel()
    {
        using var place = new Workplace();
        string data = place.Write("f.csv", Tables.FlowerLines(60));
        double Loss(string seed) => place.Train(data, "--epochs", "3", "--test-fraction", "0.5", "--seed", seed).Json.GetProperty("logLoss").GetDouble();
        double first = Loss("7");
        Assert.AreEqual(first, Loss("7"));
        Assert.AreNotEqual(first, Loss("8"));
    }

    private sealed class Flower
    {
        [ColumnName("length")]
        public float Length { get; set; }

        [ColumnName("width")]
        public float Width { get; set; }
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
    }
}
