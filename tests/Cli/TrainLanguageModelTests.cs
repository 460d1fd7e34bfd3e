using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainLanguageModelTests
{
    [TestMethod]
    public void Table_IsTrainedMaskedAndMeasuredBySplitColumn()
    {
        using var place = new Workplace();
        string data = place.Write("verses.csv", [.. Verses.Table(60), "train,", "test,"]);
        Workplace.Outcome outcome = place.TrainVerses(data, "--text", "verse", "--split-column", "part", "--goldfish", "4", "--epochs", "2", "--learning-rate", "0.01");

        JsonElement json = outcome.Json;
        Assert.AreEqual(40, json.GetProperty("documents").GetInt32(), "those that say train; the empty one is none");
        Assert.AreEqual(10, json.GetProperty("testDocuments").GetInt32());
        Assert.IsInRange(0.7, 0.9, json.GetProperty("keptShare").GetDouble(), "a quarter is dropped, but for the first twelve of a document");
        Assert.IsInRange(1.0, 300.0, json.GetProperty("perplexity").GetDouble());
        Assert.IsInRange(0.1, 8.0, json.GetProperty("bitsPerCharacter").GetDouble());
        Assert.AreEqual(2, json.GetProperty("epochs").GetInt32());
        JsonElement network = json.GetProperty("network");
        Assert.AreEqual("llama", network.GetProperty("family").GetString());
        Assert.AreEqual(48, network.GetProperty("context").GetInt32());
        Assert.AreEqual(16, network.GetProperty("width").GetInt32());
        Assert.AreEqual(300, network.GetProperty("vocabulary").GetInt32());
        Assert.IsFalse(Directory.Exists(place["model.zip.checkpoints"]), "the checkpoints go with success");
        StringAssert.Contains(outcome.Error, "validation Loss", "rows that say 'valid' validate");
    }

    [TestMethod]
    public void Model_IsLoadedByStockMlNet_AndScoresRawText()
    {
        using var place = new Workplace();
        Assert.AreEqual(0, place.TrainVerses(place.Write("verses.csv", Verses.Table(12)), "--text", "verse").ExitCode);
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(place["model.zip"], out DataViewSchema inputs);
        CollectionAssert.AreEqual(new[] { "verse" }, inputs.Select(c => c.Name).ToArray());
        using var engine = ml.Model.CreatePredictionEngine<Row, Score>(model);
        Score score = engine.Predict(new Row { Verse = "Verse 1-0: red" });
        Assert.IsGreaterThan(2, score.TokenCount);
        Assert.AreEqual(Math.Exp(score.NegativeLogLikelihood / score.TokenCount), score.Perplexity, 1e-2);
    }

    [TestMethod]
    [DataRow("file", 1)]
    [DataRow("paragraphs", 3)]
    [DataRow("lines", 5)]
    public void PlainText_IsOneDocumentOrSeveral(string documents, int expected)
    {
        using var place = new Workplace();
        string[] lines = [.. Verses.Lines(5)];
        string data = place.Write("verses.txt", lines[0], lines[1], "", " ", lines[2], "", lines[3], lines[4]);
        Assert.AreEqual(expected, place.TrainVerses(data, "--documents", documents, "--packed").Json.GetProperty("documents").GetInt32());
    }

    [TestMethod]
    public void TestFile_IsMeasured_AndTableForPeopleSaysWhatWasTrained()
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(8)), test = place.Write("test.txt", Verses.Lines(3, seed: 2));
        Workplace.Outcome outcome = Workplace.Run(
            "train", "lm", data, "--documents", "lines", "--test", test, "--out", place["m.zip"], "--vocabulary", "300", "--context", "32", "--width", "8", "--layers", "1",
            "--heads", "1", "--family", "gpt2", "--epochs", "1", "--random-mask", "4");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        foreach (string part in new[] { "test perplexity", "bits per character", "gpt2, 1 layers of width 8, context 32", "75.00 %", "m.zip" })
            StringAssert.Contains(outcome.Out, part);
    }

    [TestMethod]
    public void TestFraction_SetsDocumentsAside()
    {
        using var place = new Workplace();
        JsonElement json = place.TrainVerses(place.Write("verses.txt", Verses.Lines(10)), "--documents", "lines", "--test-fraction", "0.3").Json;
        Assert.AreEqual(3, json.GetProperty("testDocuments").GetInt32());
        Assert.AreEqual(7, json.GetProperty("documents").GetInt32());
    }

    [TestMethod]
    [DataRow("model.zip")]
    [DataRow("directory")]
    public void From_GoesOnWithTheModelsTokenizer(string from)
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(12));
        JsonElement first = place.TrainVerses(data, "--documents", "lines", "--test", data, "--huggingface", place["directory"], "--learning-rate", "0.01").Json;
        Assert.IsTrue(File.Exists(place["directory/tokenizer.json"]));
        JsonElement second = Workplace.Run(
            "train", "lm", data, "--documents", "lines", "--test", data, "--from", place[from], "--context", "24", "--out", place["second.zip"], "--epochs", "2",
            "--learning-rate", "0.01", "--batch-size", "8", "--json").Json;
        Assert.AreEqual(first.GetProperty("network").GetRawText(), second.GetProperty("network").GetRawText());
        Assert.IsLessThan(first.GetProperty("perplexity").GetDouble(), second.GetProperty("perplexity").GetDouble());
    }

    [TestMethod]
    [DataRow("--goldfish", "3", "--goldfish-window", "4")]
    [DataRow("--random-mask", "3")]
    public void Lines_ShowTheLossOfAllAndOfDroppedTokens_WhenThereIsAMask(params string[] mask)
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(24));
        string[] Epochs(params string[] more) =>
            [.. place.TrainVerses(data, ["--documents", "lines", "--epochs", "2", .. more]).Error.Split('\n').Where(line => line.StartsWith("epoch ", StringComparison.Ordinal))];

        string[] masked = Epochs(mask);
        Assert.HasCount(2, masked);
        foreach (string line in masked)
        {
            Match losses = Regex.Match(line, @"^epoch \d/2  loss (?<kept>[\d.]+)  AllTokensLoss (?<all>[\d.]+)  DroppedTokensLoss (?<dropped>[\d.]+)  step ");
            Assert.IsTrue(losses.Success, line);
            double Loss(string group) => double.Parse(losses.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
            Assert.IsInRange(Math.Min(Loss("kept"), Loss("dropped")) - 0.01, Math.Max(Loss("kept"), Loss("dropped")) + 0.01, Loss("all"), line);
        }

        foreach (string line in Epochs())
            StringAssert.Matches(line, new Regex(@"^epoch \d/2  loss [\d.]+  step "));
    }

    [TestMethod]
    public void ShortDocuments_AreToldToBeUnprotected()
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", [.. Verses.Lines(4), "short", "as this"]);
        StringAssert.Contains(
            place.TrainVerses(data, "--documents", "lines", "--goldfish", "3").Error, "warning: 2 of 6 documents have at most 13 tokens");
        Assert.DoesNotContain("warning", place.TrainVerses(data, "--documents", "lines", "--goldfish", "3", "--goldfish-strategy", "static").Error);
    }

    [TestMethod]
    public void CtrlC_KeepsACheckpoint_AndResumeEqualsAnUninterruptedRun()
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(24));
        string[] Arguments(string model) =>
        [
            "train", "lm", data, "--documents", "lines", "--goldfish", "4", "--vocabulary", "300", "--context", "48", "--width", "16", "--layers", "1", "--heads", "2",
            "--dropout", "0.1", "--batch-size", "8", "--epochs", "4", "--out", place[model],
        ];
        Assert.AreEqual(0, Workplace.Run(Arguments("whole.zip")).ExitCode);

        using var interrupt = new CancellationTokenSource();
        using var error = new WatchedWriter("epoch 2/", interrupt);
        Workplace.Outcome cancelled = Workplace.Run(Arguments("parts.zip"), error, interrupt.Token);
        Assert.AreEqual(130, cancelled.ExitCode, cancelled.Error);
        StringAssert.Contains(cancelled.Error, "mlnetext train lm");
        Assert.IsFalse(File.Exists(place["parts.zip"]));

        Workplace.Outcome resumed = Workplace.Run([.. Arguments("parts.zip"), "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.DoesNotContain("epoch 1/", resumed.Error);
        float[] Scores(string model)
        {
            var ml = new MLContext();
            IDataView rows = ml.Data.LoadFromEnumerable(Verses.Lines(5, seed: 3).Select(text => new PlainRow { Text = text }));
            return [.. ml.Model.Load(place[model], out _).Transform(rows).GetColumn<float>("NegativeLogLikelihood")];
        }

        CollectionAssert.AreEqual(Scores("whole.zip"), Scores("parts.zip"));
    }

    private sealed class Row
    {
        [ColumnName("verse")]
        public string Verse { get; set; } = "";
    }

    private sealed class PlainRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class Score
    {
        public float NegativeLogLikelihood { get; set; }

        public float Perplexity { get; set; }

        public int TokenCount { get; set; }
    }
}
