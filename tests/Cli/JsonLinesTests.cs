using System.Globalization;
using System.Text.Json;
using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

/// <summary>JSON Lines where tables are read: they give what a CSV file of the same rows gives.</summary>
[TestClass]
public class JsonLinesTests
{
    private static Workplace s_place = null!;
    private static string s_table = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_table = s_place.Write("flowers.csv", Tables.FlowerLines(60));
        Assert.AreEqual(0, s_place.Train(s_table, "--epochs", "20").ExitCode);
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    [TestMethod]
    public void Rows_ArePredictedAndEvaluatedAsThoseOfATable()
    {
        string lines = s_place.Write("flowers.jsonl", Flowers(60));
        string Predicted(string data) => Workplace.Run("predict", s_place["model.zip"], data, "--copy", "label", "--scores").Out;
        Assert.HasCount(61, Predicted(s_table).TrimEnd().Split('\n'));
        Assert.AreEqual(Predicted(s_table), Predicted(lines));
        string Evaluated(string data) => Workplace.Run("evaluate", s_place["model.zip"], data, "--label", "label", "--json").Out;
        Assert.AreEqual(Evaluated(s_table), Evaluated(lines));
    }

    [TestMethod]
    public void ATableOfNumbers_TrainsAsOne()
    {
        using var place = new Workplace();
        JsonElement Measures(string data) => place.Train(data, "--test-fraction", "0.3", "--epochs", "3").Json;
        string lines = place.Write("flowers.ndjson", Flowers(60));
        JsonElement expected = Measures(s_table), actual = Measures(lines);
        foreach (string measure in new[] { "accuracy", "logLoss", "rows", "testRows" })
            Assert.AreEqual(expected.GetProperty(measure).GetDouble(), actual.GetProperty(measure).GetDouble(), measure);
    }

    [TestMethod]
    public void Null_AndAMissingKey_AreEmptyCells()
    {
        string lines = s_place.Write(
            "gaps.jsonl",
            """{"length": 0.5, "width": 5.5}""",
            """{"length": 0.5, "width": 5.5, "label": "iris"}""",
            """{"length": 0.5, "width": 5.5, "label": null}""",
            "",
            """{"label": "rose", "width": null, "length": 4.5}""");
        string table = s_place.Write("gaps.csv", "length,width,label", "0.5,5.5,", "0.5,5.5,iris", "0.5,5.5,", "4.5,,rose");
        string Evaluated(string data) => Workplace.Run("evaluate", s_place["model.zip"], data, "--label", "label", "--json").Out;
        Assert.AreEqual(Evaluated(table), Evaluated(lines));
        Assert.AreEqual(2, JsonDocument.Parse(Evaluated(lines)).RootElement.GetProperty("rowsWithoutLabel").GetInt32());
    }

    /// <summary>Each of these would be a comment, an empty line or several rows, if it stood in the rows as it is.</summary>
    [TestMethod]
    public void NoText_IsTakenForSomethingElse()
    {
        using var place = new Workplace();
        Assert.AreEqual(0, place.TrainTickets(place.Write("tickets.csv", Tickets.Table(36)), "--epochs", "1").ExitCode);
        string[] texts = ["// no comment", "", "# none", "two\nlines", "a \"quoted\", word", "?"];
        string lines = place.Write("texts.jsonl", texts.Select(text => JsonSerializer.Serialize(new { text })));
        Workplace.Outcome predicted = Workplace.Run("predict", place["model.zip"], lines);
        string[] rows = predicted.Out.TrimEnd().Split('\n');
        Assert.HasCount(1 + texts.Length, rows, predicted.Out);
        for (int i = 0; i < texts.Length; i++)
            Assert.AreEqual(texts[i].Length == 0, rows[1 + i].TrimEnd().EndsWith(",,", StringComparison.Ordinal), rows[1 + i]);
    }

    [TestMethod]
    public void AListWhereAFieldIsRead_IsNamed_AndElsewherePassedOver()
    {
        string lines = s_place.Write("lists.jsonl", """{"length": 0.5, "width": [5.5], "label": "iris", "tags": []}""");
        Refuses(Workplace.Run("predict", s_place["model.zip"], lines), "line 1: 'width' is a JSON array");
        string passed = s_place.Write("passed.jsonl", """{"length": 0.5, "width": 5.5, "tags": ["a"]}""");
        Assert.AreEqual(0, Workplace.Run("predict", s_place["model.zip"], passed).ExitCode);
    }

    [TestMethod]
    public void ListsAreNoFeature_UnlessTheyAreIgnored()
    {
        using var place = new Workplace();
        string lines = place.Write("tagged.jsonl", Flowers(30).Select((row, i) => row.Replace("}", i == 0 ? ", \"tags\": \"a\"}" : ", \"tags\": [\"a\"]}", StringComparison.Ordinal)));
        Refuses(place.Train(lines, "--epochs", "1"), "line 2: 'tags' is a JSON array");
        Assert.AreEqual(0, place.Train(lines, "--epochs", "1", "--ignore", "tags").ExitCode);
    }

    [TestMethod]
    public void TheLineOfTheFile_IsNamed()
    {
        using var place = new Workplace();
        string lines = place.Write("bad.jsonl", [.. Flowers(30), "", """{"length": 0.5, "width": "wide\nand\nwider", "label": "iris"}""", """{"length": "long", "width": 5.5, "label": "iris"}"""]);
        Refuses(place.Train(lines, "--numeric", "width"), "--numeric width: line 32 has");
        Refuses(place.Train(lines, "--numeric", "length"), "--numeric length: line 33 has 'long'");
    }

    [TestMethod]
    public void AKeyThatIsNoText_IsRefusedWithItsLine() =>
        Refuses(Workplace.Run("predict", s_place["model.zip"], s_place.Write("key.jsonl", """{"length": 0.5}""", """{"\ud800": 1}""")), "line 2: a key has half of a character");

    [TestMethod]
    public void AMissingColumn_IsNamed() => Refuses(
        Workplace.Run("predict", s_place["model.zip"], s_place.Write("short.jsonl", """{"length": 0.5, "widht": 5.5}""")), "no column 'width'", "Did you mean 'widht'?");

    private static IEnumerable<string> Flowers(int rows) => Tables.Flowers(rows).Select(f => string.Create(
        CultureInfo.InvariantCulture, $$"""{"length": {{f.Length:F3}}, "width": {{f.Width:F3}}, "label": "{{f.Label}}"}"""));
}
