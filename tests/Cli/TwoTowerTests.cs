using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Contrastive;

namespace MLNetExt.Tests.Cli;

/// <summary>embed, search, zero-shot and inspect on a model of pictures and words.</summary>
[TestClass]
public class TwoTowerTests
{
    private const int Rows = 96;
    private static Workplace s_place = null!;
    private static string s_data = null!;

    private static string Model => s_place["model.zip"];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_data = ColoredSquares.Write(s_place, Rows);
        Workplace.Outcome outcome = s_place.TrainPairs(s_data, "file", "words,color", "--image-size", "12", "--epochs", "60", "--learning-rate", "0.01", "--unreadable-images", "skip");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    [TestMethod]
    public void Embed_NeedsTheColumnsOfOneSideAlone_AndAgreesWithTheWholeModel()
    {
        string images = s_place.Write("images.csv", ["file,note", .. Squares().Select(s => $"{s[0]},\"{s[2]}, {s[3]}\"")]);
        Assert.AreEqual(0, Workplace.Run("embed", Model, images, "--copy", "note", "--copy", "file", "--out", s_place["left.csv"]).ExitCode);
        string texts = s_place.Write("texts.csv", ["color,words", .. Squares().Select(s => $"{s[2]},{s[3]}")]);
        Assert.AreEqual(0, Workplace.Run("embed", Model, texts, "--side", "right", "--out", s_place["right.csv"]).ExitCode);

        string[] lines = File.ReadAllLines(s_place["left.csv"]);
        StringAssert.StartsWith(lines[0], "row,note,file,LeftEmbedding.0,LeftEmbedding.1,");
        StringAssert.StartsWith(lines[5], "4,\"black, a black square\",images/4.png,");
        (float[] Left, float[] Right)[] expected = Whole();
        Assert.HasCount(Rows + 1, lines);
        string[] right = File.ReadAllLines(s_place["right.csv"]);
        for (int i = 0; i < Rows; i++)
        {
            AssertNear(expected[i].Left, lines[i + 1].Split(',')[^16..]);
            AssertNear(expected[i].Right, right[i + 1].Split(',')[^16..]);
        }
    }

    [TestMethod]
    public void JsonLines_AreEmbeddedSearchedAndClassifiedAsATable()
    {
        string table = s_place.Write("few.csv", ["file,color,words", .. Squares().Take(6).Select(s => $"{s[0]},{s[2]},{s[3]}")]);
        string lines = s_place.Write("few.jsonl", Squares().Take(6).Select(s => JsonSerializer.Serialize(new { file = s[0], color = s[2], words = s[3] })));
        string Embedded(string data, string side)
        {
            Workplace.Outcome outcome = Workplace.Run("embed", Model, data, "--side", side, "--copy", "color", "--out", s_place["few-embeddings.csv"]);
            Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
            return File.ReadAllText(s_place["few-embeddings.csv"]);
        }

        foreach (string side in new[] { "left", "right" })
            Assert.AreEqual(Embedded(table, side), Embedded(lines, side));

        string Out(params string[] command)
        {
            Workplace.Outcome outcome = Workplace.Run(command);
            Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
            return outcome.Out;
        }

        Assert.AreEqual(Out("search", Model, table, "--queries", table, "--top", "2"), Out("search", Model, lines, "--queries", lines, "--top", "2"));
        Assert.AreEqual(Out("zero-shot", Model, table, "--labels", "red,blue"), Out("zero-shot", Model, lines, "--labels", "red,blue"));
    }

    [TestMethod]
    public void Embed_WritesMlNetsBinaryFormat()
    {
        Assert.AreEqual(0, Workplace.Run("embed", Model, s_data, "--copy", "file", "--out", s_place["left.idv"]).ExitCode);
        IDataView rows = new MLContext().Data.LoadFromBinary(s_place["left.idv"]);
        CollectionAssert.AreEquivalent(new[] { "file", "LeftEmbedding" }, rows.Schema.Select(c => c.Name).ToArray());
        Assert.AreEqual("images/0.png", rows.GetColumn<string>("file").First());
        AssertNear(Whole()[0].Left, [.. rows.GetColumn<float[]>("LeftEmbedding").First().Select(v => v.ToString(CultureInfo.InvariantCulture))]);
    }

    [TestMethod]
    public void Embed_TellsOfImagesThatAreNotThere()
    {
        string images = s_place.Write("lost.csv", "file", "images/0.png", "images/lost.png");
        Workplace.Outcome outcome = Workplace.Run("embed", Model, images, "--out", s_place["lost-embeddings.csv"]);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        StringAssert.Contains(outcome.Error, "1 of 2 rows have no embedding");
        StringAssert.StartsWith(File.ReadAllLines(s_place["lost-embeddings.csv"])[2], "1,NaN,");

        Workplace.Outcome search = Workplace.Run("search", Model, s_place["lost-embeddings.csv"], "--query", "red", "--json");
        StringAssert.Contains(search.Error, "1 rows have no embedding and are never found");
        Assert.AreEqual(0, Hits(search.Json)[0].GetProperty("row").GetInt32());
    }

    [TestMethod]
    public void Search_FindsPicturesByWords()
    {
        JsonElement json = Workplace.Run("search", Model, s_data, "--query", "a red square, red", "--query", "blue paper, blue", "--top", "5", "--copy", "color", "--json").Json;
        Assert.AreEqual("a red square, red", json[0].GetProperty("query").GetString());
        CollectionAssert.AreEqual(Enumerable.Repeat("red", 5).ToArray(), Colors(json[0]));
        CollectionAssert.AreEqual(Enumerable.Repeat("blue", 5).ToArray(), Colors(json[1]));
        double[] scores = [.. json[0].GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("score").GetDouble())];
        CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);
        Assert.IsInRange(-1.00001, 1.00001, scores[0]);
    }

    [TestMethod]
    public void Search_FindsWordsByPicture_AndPicturesByPicture()
    {
        string green = s_place["images/1.png"];
        JsonElement words = Workplace.Run("search", Model, s_data, "--side", "right", "--query-image", green, "--top", "3", "--copy", "color", "--json").Json;
        CollectionAssert.AreEqual(new[] { "green", "green", "green" }, Colors(words[0]));
        JsonElement pictures = Workplace.Run("search", Model, s_data, "--query-image", green, "--top", "3", "--copy", "color", "--json").Json;
        CollectionAssert.AreEqual(new[] { "green", "green", "green" }, Colors(pictures[0]));
        Assert.AreEqual(1, Hits(pictures)[0].GetProperty("score").GetDouble(), 1e-5);
    }

    [TestMethod]
    [DataRow("index.csv")]
    [DataRow("index.idv")]
    public void Search_InWrittenEmbeddings_IsTheSame(string index)
    {
        Assert.AreEqual(0, Workplace.Run("embed", Model, s_data, "--copy", "color", "--out", s_place[index]).ExitCode);
        string[] Query(string data) => ["search", Model, data, "--query", "yellow", "--top", "4", "--copy", "color", "--json"];
        Assert.AreEqual(Workplace.Run(Query(s_data)).Out, Workplace.Run(Query(s_place[index])).Out);
    }

    [TestMethod]
    public void Search_TakesAFileOfQueries_AndShowsTables()
    {
        string queries = s_place.Write("queries.csv", "words,color", "a white square,white", "black paper,");
        Workplace.Outcome outcome = Workplace.Run("search", Model, s_data, "--queries", queries, "--top", "200", "--copy", "color");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        StringAssert.Contains(outcome.Out, "row 0: a white square");
        StringAssert.Contains(outcome.Out, "row 1: black paper");
        Assert.AreEqual(2 * Rows, outcome.Out.Split('\n').Count(l => l.Contains(".png", StringComparison.Ordinal) || Colored(l)), "no more rows than there are");

        static bool Colored(string line) => ColoredSquares.Names.Any(n => line.Contains($"│ {n} ", StringComparison.Ordinal));
    }

    [TestMethod]
    public void ZeroShot_AgreesWithMlNetsEvaluate()
    {
        string labels = s_place.Write("labels.txt", ["", .. ColoredSquares.Names, ""]);
        JsonElement json = Workplace.Run(
            "zero-shot", Model, s_data, "--labels-file", labels, "--template", "a {0} square, {0}", "--template", "{0} paper, {0}", "--label", "color", "--split-column", "split", "--json").Json;

        var ml = new MLContext();
        var chain = (TransformerChain<ITransformer>)ml.Model.Load(Model, out _);
        IDataView rows = chain.Transform(Load(ml, line => line[1] == "test"));
        ZeroShotTransformer classifier = ml.Contrastive.ZeroShotClassifier(chain.OfType<ContrastiveTransformer>().Single(), ColoredSquares.Names, ["a {0} square, {0}", "{0} paper, {0}"]).Fit(rows);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(ml.Transforms.Conversion
            .MapValueToKey("Label", "color", keyData: ml.Data.LoadFromEnumerable(ColoredSquares.Names.Select(n => new Name { Text = n })))
            .Fit(rows).Transform(classifier.Transform(rows)));
        Assert.AreEqual(24, json.GetProperty("rows").GetInt32());
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        Assert.AreEqual(metrics.MicroAccuracy, json.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.AreEqual(metrics.MacroAccuracy, json.GetProperty("macroAccuracy").GetDouble(), 1e-9);
        Assert.AreEqual(metrics.LogLoss, json.GetProperty("logLoss").GetDouble(), 1e-6);
    }

    [TestMethod]
    public void ZeroShot_WritesPredictions_AndLeavesOutWhatCannotBeRead()
    {
        string images = s_place.Write("mixed.csv", "color,file", "red,images/0.png", "blue,images/lost.png", "pink,images/2.png", ",images/3.png");
        string output = s_place["mixed-predictions.csv"];
        Workplace.Outcome outcome = Workplace.Run(
            "zero-shot", Model, images, "--labels", "red, blue,yellow", "--template", "a {0} square, {0}", "--label", "color", "--out", output, "--copy", "file", "--scores", "--json");
        JsonElement json = outcome.Json;
        Assert.AreEqual(2, json.GetProperty("rows").GetInt32());
        Assert.AreEqual(1, json.GetProperty("rowsOfUnknownClass").GetInt32());
        Assert.AreEqual(1, json.GetProperty("rowsWithoutLabel").GetInt32());
        Assert.AreEqual(1, json.GetProperty("rowsWithoutPrediction").GetInt32());
        Assert.AreEqual(0.5, json.GetProperty("accuracy").GetDouble());
        string[] lines = File.ReadAllLines(output);
        Assert.AreEqual("row,file,prediction,probability,probability of red,probability of blue,probability of yellow", lines[0]);
        StringAssert.StartsWith(lines[1], "0,images/0.png,red,");
        Assert.AreEqual("1,images/lost.png,,,,,", lines[2]);

        Workplace.Outcome toStdout = Workplace.Run("zero-shot", Model, images, "--labels", "red,blue,yellow");
        Assert.AreEqual(0, toStdout.ExitCode, toStdout.Error);
        StringAssert.StartsWith(toStdout.Out, "row,prediction,probability");
    }

    [TestMethod]
    public void PipelineOfAnotherProgram_IsTakenApartByWhatEachSideNeeds()
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns = [new("kind", DataKind.String, 2), new("words", DataKind.String, 3), new("red", DataKind.Single, 4), new("blue", DataKind.Single, 6)];
        IDataView rows = ml.Data.LoadFromTextFile(s_data, columns, separatorChar: ',', hasHeader: true);
        var trainer = new SigmoidContrastiveOptions { LeftColumnName = "Features", RightColumnName = "Text", EmbeddingSize = 8, Training = { Epochs = 1 } };
        var other = ml.Transforms.Text.NormalizeText("Text", "words")
            .Append(ml.Transforms.Concatenate("Features", "red", "blue"))
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", "kind"))
            .Append(ml.Contrastive.Trainers.Sigmoid(trainer))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Label"))
            .Fit(rows);
        string model = s_place["other.zip"];
        ml.Model.Save(other, rows.Schema, model);

        string numbers = s_place.Write("numbers.csv", "blue,red", "220,30"), words = s_place.Write("words.csv", "words", "A RED square!");
        Assert.AreEqual(0, Workplace.Run("embed", model, numbers, "--out", s_place["other-left.csv"]).ExitCode);
        Assert.AreEqual(0, Workplace.Run("embed", model, words, "--side", "right", "--out", s_place["other-right.csv"]).ExitCode);
        IDataView expected = other.Transform(ml.Data.LoadFromEnumerable(new[] { new OtherRow { Kind = "red", Words = "A RED square!", Red = 30, Blue = 220 } }));
        AssertNear(expected.GetColumn<float[]>("LeftEmbedding").Single(), File.ReadAllLines(s_place["other-left.csv"])[1].Split(',')[1..]);
        AssertNear(expected.GetColumn<float[]>("RightEmbedding").Single(), File.ReadAllLines(s_place["other-right.csv"])[1].Split(',')[1..]);
    }

    [TestMethod]
    public void Inspect_DescribesTheTowers()
    {
        JsonElement[] parts = [.. Workplace.Run("inspect", Model, "--json").Json.GetProperty("parts").EnumerateArray()];
        JsonElement towers = parts.Single(p => p.GetProperty("component").GetString() == "MLNetExt.Contrastive").GetProperty("towers");
        Assert.AreEqual("ResNet", towers.GetProperty("left").GetProperty("kind").GetString());
        Assert.AreEqual("TextTransformer", towers.GetProperty("right").GetProperty("kind").GetString());
        Assert.IsGreaterThan(1000, towers.GetProperty("left").GetProperty("weights").GetInt64());
        Assert.AreEqual(16, towers.GetProperty("embeddingSize").GetInt32());
        Assert.IsGreaterThan(0.0, towers.GetProperty("temperature").GetDouble());
        Assert.IsLessThan(0.0, towers.GetProperty("bias").GetDouble());

        Workplace.Outcome table = Workplace.Run("inspect", Model);
        foreach (string part in new[] { "embeddings of 16 numbers", "sigmoid loss", "ResNet of", "weights" })
            StringAssert.Contains(table.Out, part);
    }

    private static string[][] Squares() => [.. File.ReadLines(s_data).Skip(1).Select(l => l.Split(','))];

    private static IDataView Load(MLContext ml, Func<string[], bool> includes) => ml.Data.LoadFromEnumerable(
        Squares().Where(includes).Select(s => new ColoredSquares.Row { File = s_place[s[0]], Color = s[2], Words = s[3] }).ToArray());

    private static (float[] Left, float[] Right)[] Whole()
    {
        var ml = new MLContext();
        IDataView rows = ml.Model.Load(Model, out _).Transform(Load(ml, _ => true));
        return [.. rows.GetColumn<float[]>("LeftEmbedding").Zip(rows.GetColumn<float[]>("RightEmbedding"))];
    }

    private static void AssertNear(float[] expected, string[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], float.Parse(actual[i], CultureInfo.InvariantCulture), 1e-6f);
    }

    private static JsonElement Hits(JsonElement results) => results[0].GetProperty("hits");

    private static string?[] Colors(JsonElement result) =>
        [.. result.GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("columns").GetProperty("color").GetString())];

    private sealed class OtherRow
    {
        [ColumnName("kind")]
        public string Kind { get; set; } = "";

        [ColumnName("words")]
        public string Words { get; set; } = "";

        [ColumnName("red")]
        public float Red { get; set; }

        [ColumnName("blue")]
        public float Blue { get; set; }
    }

    private sealed class Name
    {
        public string Text { get; set; } = "";
    }
}
