using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainTextClassifierTests
{
    [TestMethod]
    public void Table_IsTrainedAndMeasuredBySplitColumn_AsEvaluateMeasuresIt()
    {
        using var place = new Workplace();
        string data = place.Write("tickets.csv", [.. Tickets.Table(180), "train,nobody knows,", "train,,login"]);
        Workplace.Outcome outcome = place.TrainTickets(data, "--split-column", "part");
        JsonElement json = outcome.Json;
        Assert.IsGreaterThan(0.9, json.GetProperty("accuracy").GetDouble(), outcome.Error);
        Assert.AreEqual((122, 30, 8), (json.GetProperty("rows").GetInt32(), json.GetProperty("testRows").GetInt32(), json.GetProperty("epochs").GetInt32()));
        JsonElement network = json.GetProperty("network");
        CollectionAssert.AreEqual(new[] { "billing", "login", "shipping" }, network.GetProperty("classes").EnumerateArray().Select(c => c.GetString()).ToArray());
        Assert.AreEqual((3, 16, 16), (network.GetProperty("classCount").GetInt32(), network.GetProperty("width").GetInt32(), network.GetProperty("context").GetInt32()));
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("pretrained").ValueKind);
        StringAssert.Contains(outcome.Error, "validation Accuracy", "rows that say 'valid' validate");
        StringAssert.Contains(outcome.Error, "1 rows of the training data have no label");
        StringAssert.Contains(outcome.Error, "1 rows of the training data have no token but special ones");

        JsonElement evaluated = Workplace.Run("evaluate", place["model.zip"], data, "--label", "topic", "--split-column", "part", "--json").Json;
        foreach (string measure in new[] { "accuracy", "logLoss", "ece", "macroAccuracy" })
            Assert.AreEqual(json.GetProperty(measure).GetDouble(), evaluated.GetProperty(measure).GetDouble(), 1e-6, measure);
    }

    /// <summary>The test part's labels are all wrong: a classifier measured by its own predictions would be right.</summary>
    [TestMethod]
    [DataRow("PredictedLabel")]
    [DataRow("Score")]
    [DataRow("Tokens")]
    public void Label_MayBeNamedLikeAColumnOfTheModel(string label)
    {
        using var place = new Workplace();
        string data = place.Write("tickets.csv", [$"text,{label}", .. Tickets.Rows(120).Select(row => $"{row.Text},{row.Class}")]);
        string test = place.Write("test.csv", [$"text,{label}", .. Tickets.Rows(30, seed: 2).Select(row => $"{row.Text},{(row.Class == "billing" ? "login" : "billing")}")]);
        Workplace.Outcome outcome = place.TrainTickets(data, "--label", label, "--test", test);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.IsLessThan(0.3, outcome.Json.GetProperty("accuracy").GetDouble());
    }

    [TestMethod]
    [DataRow("encoder.zip")]
    [DataRow("directory")]
    public void Pretrained_GivesNetworkAndTokenizer(string pretrained)
    {
        using var place = new Workplace();
        string texts = place.Write("texts.txt", Tickets.Rows(60, seed: 2).Select(row => row.Text));
        string data = place.Write("tickets.csv", Tickets.Table(180));
        JsonElement encoder = place.TrainEncoder(texts, "--documents", "lines", "--lowercase", "--out", place["encoder.zip"], "--huggingface", place["directory"]).Json.GetProperty("network");
        JsonElement json = place.TrainTickets(data, "--split-column", "part", "--pretrained", place[pretrained], "--loss", "cross-entropy", "--encoder-rate-factor", "0.5", "--epochs", "20").Json;
        foreach (string member in new[] { "width", "context", "vocabulary" })
            Assert.AreEqual(encoder.GetProperty(member).GetInt32(), json.GetProperty("network").GetProperty(member).GetInt32(), member);
        Assert.AreEqual(place[pretrained], json.GetProperty("pretrained").GetString());
        Assert.IsGreaterThan(0.9, json.GetProperty("accuracy").GetDouble());
    }

    [TestMethod]
    public void Frozen_LeavesTheEncodersVectorsAsTheyAre()
    {
        using var place = new Workplace();
        string texts = place.Write("texts.txt", Tickets.Rows(30, seed: 2).Select(row => row.Text));
        string data = place.Write("tickets.csv", Tickets.Table(30));
        Assert.AreEqual(0, place.TrainEncoder(texts, "--documents", "lines", "--out", place["encoder.zip"]).ExitCode);
        Assert.AreEqual(0, place.TrainTickets(data, "--pretrained", place["encoder.zip"], "--frozen", "--context", "12", "--epochs", "2").ExitCode);
        float[] Embedding(string model) => Transform(place[model], "my password was locked").GetColumn<float[]>("Embedding").Single();
        CollectionAssert.AreEqual(Embedding("encoder.zip"), Embedding("model.zip"));
    }

    [TestMethod]
    public void Model_IsLoadedByStockMlNet_AndReadsRawTextOfAnyLength()
    {
        using var place = new Workplace();
        Assert.AreEqual(0, place.TrainTickets(place.Write("tickets.csv", Tickets.Table(90))).ExitCode);
        new MLContext().Model.Load(place["model.zip"], out DataViewSchema inputs);
        CollectionAssert.AreEqual(new[] { "text" }, inputs.Select(c => c.Name).ToArray());
        IDataView scored = Transform(place["model.zip"], "the password was locked again", string.Concat(Enumerable.Repeat("parcel courier ", 90)), "");
        CollectionAssert.AreEqual(new[] { "login", "shipping", "" }, scored.GetColumn<string>("PredictedLabel").ToArray());
        Assert.IsTrue(scored.GetColumn<float[]>("Score").Last().All(float.IsNaN), "an empty text says nothing");
    }

    [TestMethod]
    public void Pair_IsReadTogether()
    {
        using var place = new Workplace();
        // What the texts are about is in the second column alone, and its class again in either.
        string data = place.Write("pairs.csv", ["text,answer,topic", .. Tickets.Rows(120).Select(row => $"please help,{row.Text},{row.Class}")]);
        string test = place.Write("test.csv", ["topic,answer,text", .. Tickets.Rows(30, seed: 2).Select(row => $"{row.Class},{row.Text},please help")]);
        JsonElement json = place.TrainTickets(data, "--pair", "answer", "--test", test).Json;
        Assert.IsGreaterThan(0.9, json.GetProperty("accuracy").GetDouble());
        Workplace.Outcome predicted = Workplace.Run("predict", place["model.zip"], test, "--copy", "topic");
        Assert.AreEqual(0, predicted.ExitCode, predicted.Error);
        Assert.IsGreaterThan(27, predicted.Out.Split('\n').Skip(1).Count(line => line.Split(',') is [_, var topic, var prediction, ..] && topic == prediction));
        Assert.IsLessThan(0.6, place.TrainTickets(data, "--test", test).Json.GetProperty("accuracy").GetDouble(), "the first text alone says nothing");
    }

    [TestMethod]
    public void JsonLines_AreReadAsTables()
    {
        using var place = new Workplace();
        string table = place.Write("tickets.csv", Tickets.Table(36));
        string lines = place.Write("tickets.jsonl", Tickets.Rows(36).Select(row => JsonSerializer.Serialize(new { text = row.Text, topic = row.Class })));
        JsonElement Measures(string data) => place.TrainTickets(data, "--test-fraction", "0.25", "--epochs", "1").Json;
        Assert.AreEqual(Measures(table).GetProperty("logLoss").GetDouble(), Measures(lines).GetProperty("logLoss").GetDouble());
        Assert.AreEqual(9, Measures(lines).GetProperty("testRows").GetInt32());

        string gaps = place.Write("gaps.jsonl", ["""{"text": "nobody says"}""", .. File.ReadLines(lines), """{"text": "nobody knows", "topic": null}"""]);
        Workplace.Outcome outcome = place.TrainTickets(gaps, "--epochs", "1");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        StringAssert.Contains(outcome.Error, "2 rows of the training data have no label");
    }

    [TestMethod]
    public void TableForPeople_SaysWhatWasTrained_AndInspectToo()
    {
        using var place = new Workplace();
        string data = place.Write("tickets.csv", Tickets.Table(120));
        Workplace.Outcome outcome = Workplace.Run(
            "train", "text-classifier", data, "--text", "text", "--label", "topic", "--test-fraction", "0.25", "--out", place["m.zip"], "--vocabulary", "120", "--context", "12", "--width", "8",
            "--layers", "1", "--heads", "1", "--family", "pre-norm", "--local-stem", "--epochs", "1", "--temperature-scaling", "--balance-classes", "--head-dropout", "0");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        foreach (string part in new[] { "accuracy", "log-loss", "ECE", "new, width 8, context 12", "m.zip" })
            StringAssert.Contains(outcome.Out, part);
        string inspected = Workplace.Run("inspect", place["m.zip"]).Out;
        foreach (string part in new[] { "WordPieceTransformer", "3 classes of texts", "shipping" })
            StringAssert.Contains(inspected, part);
        JsonElement classifier = Workplace.Run("inspect", place["m.zip"], "--json").Json.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("textClassifier").ValueKind == JsonValueKind.Object);
        Assert.AreEqual(nameof(TextEncoderClassifierTransformer), classifier.GetProperty("type").GetString());
        Assert.AreEqual("MLNetExt.TextEncoder", classifier.GetProperty("component").GetString());
        Assert.AreEqual(3, classifier.GetProperty("textClassifier").GetProperty("classes").GetArrayLength());
    }

    [TestMethod]
    public void CtrlC_KeepsACheckpoint_AndResumeEqualsAnUninterruptedRun()
    {
        using var place = new Workplace();
        string data = place.Write("tickets.csv", Tickets.Table(60));
        string[] Arguments(string model) =>
        [
            "train", "text-classifier", data, "--text", "text", "--label", "topic", "--vocabulary", "120", "--context", "16", "--width", "16", "--layers", "2", "--heads", "2",
            "--batch-size", "8", "--epochs", "4", "--out", place[model],
        ];
        Assert.AreEqual(0, Workplace.Run(Arguments("whole.zip")).ExitCode);

        using var interrupt = new CancellationTokenSource();
        using var error = new WatchedWriter("epoch 2/", interrupt);
        Workplace.Outcome cancelled = Workplace.Run(Arguments("parts.zip"), error, interrupt.Token);
        Assert.AreEqual(130, cancelled.ExitCode, cancelled.Error);
        StringAssert.Contains(cancelled.Error, "mlnetext train text-classifier");
        Assert.IsFalse(File.Exists(place["parts.zip"]));

        Workplace.Outcome resumed = Workplace.Run([.. Arguments("parts.zip"), "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.DoesNotContain("epoch 1/", resumed.Error);
        float[] Scores(string model) => [.. Transform(place[model], [.. Tickets.Rows(6, seed: 3).Select(row => row.Text)]).GetColumn<float[]>("Score").SelectMany(s => s)];
        CollectionAssert.AreEqual(Scores("whole.zip"), Scores("parts.zip"));
    }

    private static IDataView Transform(string model, params string[] texts)
    {
        var ml = new MLContext();
        ITransformer loaded = ml.Model.Load(model, out DataViewSchema inputs);
        string column = inputs.Single().Name;
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Text)].ColumnName = column;
        return loaded.Transform(ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }), schema));
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
