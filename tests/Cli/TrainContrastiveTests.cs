using System.Text.Json;
using Microsoft.ML;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainContrastiveTests
{
    [TestMethod]
    public void ImagesAndText_AreTrainedAndMeasuredBySplitColumn()
    {
        using var place = new Workplace();
        string data = ColoredSquares.Write(place, 96);
        Workplace.Outcome outcome = place.TrainPairs(data, "file", "words", "--split-column", "split", "--image-size", "12", "--epochs", "40", "--learning-rate", "0.01");

        JsonElement json = outcome.Json;
        Assert.AreEqual("Image", json.GetProperty("left").GetProperty("kind").GetString());
        Assert.AreEqual("Text", json.GetProperty("right").GetProperty("kind").GetString());
        Assert.AreEqual(24, json.GetProperty("testRows").GetInt32());
        Assert.AreEqual(72, json.GetProperty("rows").GetInt32(), "validation rows included");
        Assert.AreEqual(40, json.GetProperty("epochs").GetInt32());
        Assert.AreEqual(16, json.GetProperty("towers").GetProperty("embeddingSize").GetInt32());
        Assert.IsGreaterThan(0.9, json.GetProperty("recallAt10").GetDouble(), "six colours with two sentences each");
        Assert.IsTrue(File.Exists(json.GetProperty("model").GetString()));
        Assert.IsFalse(Directory.Exists(place["model.zip.checkpoints"]), "the checkpoints go with success");
        string[] epochs = [.. outcome.Error.Split('\n').Where(l => l.StartsWith("epoch ", StringComparison.Ordinal))];
        Assert.HasCount(40, epochs);
        StringAssert.Contains(epochs[0], "validation RecallAt1", "rows that say 'valid' validate");
    }

    [TestMethod]
    public void Table_ShowsBothDirections()
    {
        using var place = new Workplace();
        Workplace.Outcome outcome = Workplace.Run(
            "train", "contrastive", Numbers(place), "--left", "red,green,blue", "--right", "words", "--right-kind", "text-bag", "--out", place["m.zip"],
            "--epochs", "1", "--test-fraction", "0.3");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        foreach (string part in new[] { "left to right", "right to left", "recall@1 ", "recall@10", "median rank", "red, green, blue: Mlp", "words: HashingBag", "m.zip" })
            StringAssert.Contains(outcome.Out, part);
    }

    [TestMethod]
    public void NumbersAndWords_FindEachOther()
    {
        using var place = new Workplace();
        JsonElement json = place.TrainPairs(
            Numbers(place), "red,green,blue", "words,color", "--right-kind", "text-bag", "--test-fraction", "0.3", "--epochs", "30", "--learning-rate", "0.02").Json;
        Assert.AreEqual("Vector", json.GetProperty("left").GetProperty("kind").GetString());
        Assert.AreEqual(96, json.GetProperty("rows").GetInt32() + json.GetProperty("testRows").GetInt32());
        Assert.IsGreaterThan(0.9, json.GetProperty("recallAt10").GetDouble());
        Assert.IsGreaterThan(json.GetProperty("recallAt1").GetDouble() - 1e-9, json.GetProperty("recallAt5").GetDouble());
    }

    [TestMethod]
    public void TestFile_IsMeasured_AndSoftmaxIsALossToo()
    {
        using var place = new Workplace();
        string data = Numbers(place);
        JsonElement json = place.TrainPairs(
            data, "red,green,blue", "words", "--right-kind", "text-bag", "--test", data, "--epochs", "1", "--loss", "softmax", "--matching", "own-row").Json;
        Assert.AreEqual(96, json.GetProperty("testRows").GetInt32());
        Assert.AreEqual("softmax", json.GetProperty("towers").GetProperty("loss").GetString());
    }

    [TestMethod]
    public void WithoutTestPart_NothingIsMeasured()
    {
        using var place = new Workplace();
        Workplace.Outcome outcome = place.TrainPairs(Numbers(place), "red,green,blue", "words", "--right-kind", "text-bag", "--epochs", "1");
        Assert.AreEqual(JsonValueKind.Null, outcome.Json.GetProperty("recallAt1").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, outcome.Json.GetProperty("leftToRight").ValueKind);
    }

    [TestMethod]
    public void Model_IsLoadedByStockMlNet_AndReadsRawColumns()
    {
        using var place = new Workplace();
        string data = ColoredSquares.Write(place, 24);
        Assert.AreEqual(0, place.TrainPairs(data, "file", "words,color", "--image-size", "12", "--epochs", "1").ExitCode);

        var ml = new MLContext();
        ITransformer model = ml.Model.Load(place["model.zip"], out DataViewSchema inputs);
        CollectionAssert.AreEqual(new[] { "file", "words", "color" }, inputs.Select(c => c.Name).ToArray());
        IDataView rows = ml.Data.LoadFromEnumerable(new[] { new ColoredSquares.Row { File = place["images/3.png"], Words = "yellow paper", Color = "yellow" } });
        Pair pair = ml.Data.CreateEnumerable<Pair>(model.Transform(rows), reuseRowObject: false).Single();
        Assert.AreEqual(1, pair.LeftEmbedding.Sum(v => v * v), 1e-5);
        Assert.AreEqual(1, pair.RightEmbedding.Sum(v => v * v), 1e-5);
    }

    [TestMethod]
    public void ImageFolder_IsThatOfTheData_OrTheOneThatIsSaid()
    {
        using var place = new Workplace();
        string data = ColoredSquares.Write(place, 24);
        Directory.CreateDirectory(place["tables"]);
        File.Copy(data, place["tables/squares.csv"]);
        Workplace.Outcome lost = place.TrainPairs(place["tables/squares.csv"], "file", "words", "--image-size", "12", "--epochs", "1");
        Assert.AreEqual(2, lost.ExitCode);
        StringAssert.Contains(lost.Error, "there is no image '" + place["tables/images/0.png"]);
        StringAssert.Contains(lost.Error, "--image-folder");
        Workplace.Outcome found = place.TrainPairs(
            place["tables/squares.csv"], "file", "words", "--image-size", "12", "--epochs", "1", "--image-folder", Path.GetDirectoryName(data)!);
        Assert.AreEqual(0, found.ExitCode, found.Error);
    }

    [TestMethod]
    public void UnreadableImage_IsNamed_OrSkippedWithAWarning()
    {
        using var place = new Workplace();
        string data = ColoredSquares.Write(place, 24);
        place.Write("images/13.png", "this is no picture");
        Workplace.Outcome Train(params string[] more) => place.TrainPairs(data, "file", "words", ["--image-size", "12", "--epochs", "1", .. more]);

        Workplace.Outcome refused = Train();
        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, "13.png");
        StringAssert.Contains(refused.Error, "--unreadable-images to 'skip'");
        Workplace.Outcome skipped = Train("--unreadable-images", "skip");
        Assert.AreEqual(0, skipped.ExitCode, skipped.Error);
        StringAssert.Contains(skipped.Error, "warning: 1 rows");
        StringAssert.Contains(skipped.Error, "13.png");
    }

    [TestMethod]
    public void CtrlC_KeepsACheckpoint_AndResumeEqualsAnUninterruptedRun()
    {
        using var place = new Workplace();
        string data = ColoredSquares.Write(place, 48);
        string[] Arguments(string model) =>
        [
            "train", "contrastive", data, "--left", "file", "--right", "words", "--image-size", "12", "--left-width", "8", "--right-width", "16",
            "--vocabulary", "300", "--embedding-size", "16", "--batch-size", "8", "--micro-batch-size", "4", "--augment", "--epochs", "4", "--out", place[model],
        ];
        Assert.AreEqual(0, Workplace.Run(Arguments("whole.zip")).ExitCode);

        using var interrupt = new CancellationTokenSource();
        using var error = new WatchedWriter("epoch 2/", interrupt);
        Workplace.Outcome cancelled = Workplace.Run(Arguments("parts.zip"), error, interrupt.Token);
        Assert.AreEqual(130, cancelled.ExitCode, cancelled.Error);
        StringAssert.Contains(cancelled.Error, "the checkpoint is '" + place["parts.zip.checkpoints"]);
        StringAssert.Contains(cancelled.Error, "mlnetext train contrastive");
        StringAssert.Contains(cancelled.Error, "--resume");
        Assert.IsFalse(File.Exists(place["parts.zip"]));

        Workplace.Outcome resumed = Workplace.Run([.. Arguments("parts.zip"), "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.DoesNotContain("epoch 1/", resumed.Error);
        foreach (string model in new[] { "whole", "parts" })
            Assert.AreEqual(0, Workplace.Run("embed", place[$"{model}.zip"], data, "--out", place[$"{model}.csv"]).ExitCode);
        Assert.AreEqual(File.ReadAllText(place["whole.csv"]), File.ReadAllText(place["parts.csv"]));
    }

    private static string Numbers(Workplace place) => ColoredSquares.Write(place, 96);

    private sealed class Pair
    {
        public float[] LeftEmbedding { get; set; } = [];

        public float[] RightEmbedding { get; set; } = [];
    }
}
