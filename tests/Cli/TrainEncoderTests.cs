using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainEncoderTests
{
    [TestMethod]
    public void Table_IsTrainedAndMeasuredBySplitColumn()
    {
        using var place = new Workplace();
        string data = place.Write("verses.csv", [.. Verses.Table(60), "train,", "test,"]);
        Workplace.Outcome outcome = place.TrainEncoder(data, "--text", "verse", "--split-column", "part", "--dropping", "token-dropping", "--keep-ratio", "0.4", "--epochs", "2", "--lowercase");
        JsonElement json = outcome.Json;
        Assert.AreEqual(40, json.GetProperty("documents").GetInt32(), "those that say train; the empty one is none");
        Assert.AreEqual(10, json.GetProperty("testDocuments").GetInt32());
        Assert.IsGreaterThan(10, json.GetProperty("testTokens").GetInt32());
        Assert.IsInRange(1.0, 6.0, json.GetProperty("loss").GetDouble());
        Assert.AreEqual(Math.Exp(json.GetProperty("loss").GetDouble()), json.GetProperty("perplexity").GetDouble(), 1e-6);
        Assert.AreEqual(2, json.GetProperty("epochs").GetInt32());
        JsonElement network = json.GetProperty("network");
        Assert.AreEqual(("bert", 24, 16, 2), (network.GetProperty("family").GetString(), network.GetProperty("context").GetInt32(), network.GetProperty("width").GetInt32(), network.GetProperty("layers").GetInt32()));
        Assert.IsTrue(network.GetProperty("hasTokenizer").GetBoolean());
        Assert.IsFalse(Directory.Exists(place["model.zip.checkpoints"]), "the checkpoints go with success");
        StringAssert.Contains(outcome.Error, "validation Loss", "rows that say 'valid' validate");
    }

    [TestMethod]
    public void LongDocuments_AreReadWhole()
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(6));
        JsonElement file = place.TrainEncoder(data).Json, lines = place.TrainEncoder(data, "--documents", "lines").Json;
        Assert.AreEqual((1, 6), (file.GetProperty("documents").GetInt32(), lines.GetProperty("documents").GetInt32()));
        Assert.IsGreaterThan(1, file.GetProperty("rows").GetInt32());
        Assert.AreEqual(lines.GetProperty("tokens").GetInt64(), file.GetProperty("tokens").GetInt64());
    }

    [TestMethod]
    public void Model_IsLoadedByStockMlNet_AndEmbedsRawTextOfAnyLength()
    {
        using var place = new Workplace();
        Assert.AreEqual(0, place.TrainEncoder(place.Write("verses.csv", Verses.Table(12)), "--text", "verse").ExitCode);
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(place["model.zip"], out DataViewSchema inputs);
        CollectionAssert.AreEqual(new[] { "verse" }, inputs.Select(c => c.Name).ToArray());
        float[][] embeddings = [.. model.Transform(ml.Data.LoadFromEnumerable(new Row[] { new() { Verse = "Verse 1-0: red" }, new() { Verse = string.Concat(Enumerable.Repeat("red ", 90)) } })).GetColumn<float[]>("Embedding")];
        Assert.IsTrue(embeddings.All(e => e.Length == 16 && e.All(float.IsFinite)));
    }

    [TestMethod]
    public void TableForPeople_SaysWhatWasTrained()
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(8)), test = place.Write("test.txt", Verses.Lines(3, seed: 2));
        Workplace.Outcome outcome = Workplace.Run(
            "train", "encoder", data, "--documents", "lines", "--test", test, "--out", place["m.zip"], "--vocabulary", "120", "--context", "32", "--width", "8", "--layers", "2",
            "--heads", "1", "--family", "pre-norm", "--local-stem", "--epochs", "1", "--dropping", "sctd", "--whole-words", "--mask-rate", "0.3");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        foreach (string part in new[] { "test loss of masked tokens", "test perplexity", "pre-norm, 2 layers of width 8, context 32, local stem", "m.zip" })
            StringAssert.Contains(outcome.Out, part);
        string inspected = Workplace.Run("inspect", place["m.zip"]).Out.ReplaceLineEndings(" ");
        StringAssert.Contains(inspected, "WordPieceTransformer");
        StringAssert.Contains(inspected, "pre-norm text encoder");
    }

    [TestMethod]
    [DataRow("model.zip")]
    [DataRow("directory")]
    public void From_GoesOnWithTheModelsTokenizer(string from)
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(24));
        JsonElement first = place.TrainEncoder(data, "--documents", "lines", "--test", data, "--huggingface", place["directory"], "--learning-rate", "0.01").Json;
        foreach (string file in new[] { "tokenizer.json", "vocab.txt", "config.json", "model.safetensors" })
            Assert.IsTrue(File.Exists(place[$"directory/{file}"]), file);
        JsonElement second = place.TrainEncoder(
            data, "--documents", "lines", "--test", data, "--from", place[from], "--context", "20", "--out", place["second.zip"], "--epochs", "8", "--learning-rate", "0.01").Json;
        Assert.AreEqual(first.GetProperty("network").GetRawText(), second.GetProperty("network").GetRawText());
        Assert.IsLessThan(first.GetProperty("loss").GetDouble(), second.GetProperty("loss").GetDouble());
    }

    [TestMethod]
    public void From_TakesADirectoryWithoutALimit_AndCutsTextsWhereTheEncoderEnds()
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(12));
        Assert.AreEqual(0, place.TrainEncoder(data, "--documents", "lines", "--huggingface", place["directory"]).ExitCode);
        // As published directories are: word pieces alone, and nothing that says where texts are cut.
        File.Delete(place["directory/tokenizer.json"]);
        Assert.AreEqual(0, place.TrainEncoder(data, "--from", place["directory"], "--out", place["second.zip"]).ExitCode);
        var ml = new MLContext();
        float[] embedding = ml.Model.Load(place["second.zip"], out _).Transform(ml.Data.LoadFromEnumerable(new[] { new PlainRow { Text = string.Concat(Enumerable.Repeat("red ", 90)) } })).GetColumn<float[]>("Embedding").Single();
        Assert.IsTrue(embedding.All(float.IsFinite));
    }

    [TestMethod]
    public void Inspect_DescribesModelAndDirectory()
    {
        using var place = new Workplace();
        Assert.AreEqual(0, place.TrainEncoder(place.Write("verses.txt", Verses.Lines(8)), "--huggingface", place["directory"], "--dropping", "token-dropping").ExitCode);
        JsonElement[] parts = [.. Workplace.Run("inspect", place["model.zip"], "--json").Json.GetProperty("parts").EnumerateArray()];
        JsonElement part = Workplace.Run("inspect", place["directory"], "--json").Json.GetProperty("parts").EnumerateArray().Single();
        Assert.AreEqual(nameof(MaskedLanguageModelTransformer), part.GetProperty("type").GetString());
        Assert.AreEqual(parts[^1].GetProperty("encoder").GetRawText(), part.GetProperty("encoder").GetRawText());
        Assert.AreEqual(JsonValueKind.Null, part.GetProperty("languageModel").ValueKind);
        StringAssert.Contains(Workplace.Run("inspect", place["directory"]).Out, "bert text encoder");
    }

    [TestMethod]
    public void CtrlC_KeepsACheckpoint_AndResumeEqualsAnUninterruptedRun()
    {
        using var place = new Workplace();
        string data = place.Write("verses.txt", Verses.Lines(24));
        string[] Arguments(string model) =>
        [
            "train", "encoder", data, "--documents", "lines", "--vocabulary", "120", "--context", "24", "--width", "16", "--layers", "2", "--heads", "2",
            "--dropping", "sctd", "--batch-size", "8", "--epochs", "4", "--out", place[model],
        ];
        Assert.AreEqual(0, Workplace.Run(Arguments("whole.zip")).ExitCode);

        using var interrupt = new CancellationTokenSource();
        using var error = new WatchedWriter("epoch 2/", interrupt);
        Workplace.Outcome cancelled = Workplace.Run(Arguments("parts.zip"), error, interrupt.Token);
        Assert.AreEqual(130, cancelled.ExitCode, cancelled.Error);
        StringAssert.Contains(cancelled.Error, "mlnetext train encoder");
        Assert.IsFalse(File.Exists(place["parts.zip"]));

        Workplace.Outcome resumed = Workplace.Run([.. Arguments("parts.zip"), "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.DoesNotContain("epoch 1/", resumed.Error);
        float[] Embeddings(string model)
        {
            var ml = new MLContext();
            IDataView rows = ml.Data.LoadFromEnumerable(Verses.Lines(5, seed: 3).Select(text => new PlainRow { Text = text }));
            return [.. ml.Model.Load(place[model], out _).Transform(rows).GetColumn<float[]>("Embedding").SelectMany(e => e)];
        }

        CollectionAssert.AreEqual(Embeddings("whole.zip"), Embeddings("parts.zip"));
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
}
