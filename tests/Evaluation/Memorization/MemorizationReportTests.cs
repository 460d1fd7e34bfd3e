using System.Xml.Linq;
using Microsoft.ML;
using MLNetExt.Evaluation;
using SkiaSharp;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class MemorizationReportTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static readonly DocumentRow[] Rows = [.. Enumerable.Range(0, 12).Select(i => new DocumentRow
    {
        Tokens = [.. Enumerable.Range(0, 16).Select(t => (5 * i + t * t) % 90)],
        LossMask = [.. Enumerable.Range(0, 16).Select(t => (t + i) % 4 == 0 ? 0f : 1f)],
        Text = $"secret {i}",
    })];

    [TestMethod]
    public void Table_PutsModelsSideBySide()
    {
        string[] lines = new MemorizationReport().Add("Standard", Standard()).Add("Goldfish", Goldfish()).ToString().Split(Environment.NewLine);
        CollectionAssert.AreEqual((string[])["Memorization", "Standard", "Goldfish"], lines[0].Split(" ", StringSplitOptions.RemoveEmptyEntries));
        Assert.AreEqual(1, lines.Count(line => line.StartsWith("Exact match, greedy ", StringComparison.Ordinal) && line.Contains("12 of 12, 100.0 %") && line.EndsWith("0 of 12, 0.0 %", StringComparison.Ordinal)));
        Assert.AreEqual(1, lines.Count(line => line.StartsWith("First divergence on a dropped token", StringComparison.Ordinal) && line.EndsWith("12 of 12, 100.0 %", StringComparison.Ordinal) && line.Contains("n/a")));
        Assert.AreEqual(1, lines.Count(line => line.StartsWith("Loss / zlib attack: AUC", StringComparison.Ordinal) && line.EndsWith("1.000", StringComparison.Ordinal)));
        StringAssert.StartsWith(Standard().ToString(), "Memorization" + Environment.NewLine);
    }

    [TestMethod]
    [DataRow(PlotFormat.Svg, "svg")]
    [DataRow(PlotFormat.Png, "png")]
    public void Save_WritesMarkdownAndPlots_AndQuotesNothing(PlotFormat format, string extension) => InFolder(folder =>
    {
        string audit = Path.Combine(folder, "new", "audit");
        MemorizationReport report = new MemorizationReport("Licences").Add("Standard", Standard()).Add("Goldfish | k = 4", Goldfish());
        report.Save(audit, format);
        report.Save(audit, format);

        string[] plots = ["divergence-2", "roc", "rouge-l"];
        CollectionAssert.AreEquivalent(
            plots.Select(name => $"{name}.{extension}").Append("report.md").ToArray(), Directory.GetFiles(audit).Select(Path.GetFileName).ToArray());
        string text = File.ReadAllText(Path.Combine(audit, MemorizationReport.FileName));
        Assert.StartsWith("# Licences\n\n| Memorization | Standard | Goldfish \\| k = 4 |\n|---|---:|---:|\n", text);
        foreach (string name in plots)
        {
            string path = Path.Combine(audit, $"{name}.{extension}");
            Assert.Contains($"({name}.{extension})", text);
            if (format == PlotFormat.Svg)
                Assert.AreEqual("svg", XDocument.Load(path).Root!.Name.LocalName);
            else
                AssertDrawn(path);
        }
        Assert.DoesNotContain("secret", text);
        Assert.Contains("## Most recited: Standard\n\n| Row | RougeL |", text);
        Assert.Contains("| 0 | 1.000 | 1.000 | none |", text);
    });

    [TestMethod]
    public void Plots_NameModelsAxesAndAreas() => InFolder(folder =>
    {
        new MemorizationReport().Add("Standard", Standard()).Add("Goldfish", Goldfish()).Save(folder);
        CollectionAssert.IsSubsetOf(
            new[] { "Membership inference", "False positive rate", "Chance", "Standard · loss · AUC 1.000", "Goldfish · loss / zlib · AUC 1.000" }, Texts("roc"));
        CollectionAssert.IsSubsetOf(new[] { "RougeL", "Documents", "Standard", "Goldfish" }, Texts("rouge-l"));
        CollectionAssert.IsSubsetOf(new[] { "First divergence", "Goldfish", "Token of the suffix", "On a dropped token", "On another token" }, Texts("divergence-2"));

        string[] Texts(string name) =>
            [.. XDocument.Load(Path.Combine(folder, name + ".svg")).Root!.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
    });

    [TestMethod]
    public void BadInput_IsRefused()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => new MemorizationReport().ToString());
        Assert.ThrowsExactly<InvalidOperationException>(() => new MemorizationReport().Save("nowhere"));
        Assert.IsFalse(Directory.Exists("nowhere"));
        MemorizationReport report = new MemorizationReport().Add("Standard", Standard());
        Assert.ThrowsExactly<ArgumentException>(() => report.Add("Standard", Standard()));
        Assert.ThrowsExactly<ArgumentException>(() => report.Add(" ", Standard()));
    }

    private static void AssertDrawn(string path)
    {
        using SKBitmap picture = SKBitmap.Decode(path);
        Assert.AreEqual(1120, picture.Width);
        Assert.IsTrue(picture.Pixels.Any(pixel => pixel.Blue > pixel.Red + 60), "blue");
    }

    private static MemorizationMetrics Standard() => Evaluate(Rows.Select(row => new DocumentRow { Tokens = row.Tokens }));

    private static MemorizationMetrics Goldfish() => Evaluate(Rows);

    private static MemorizationMetrics Evaluate(IEnumerable<DocumentRow> known) => Ml.LanguageModeling.EvaluateMemorization(
        new RecitingModel(known),
        Ml.Data.LoadFromEnumerable(Rows),
        lossMaskColumnName: "LossMask",
        nonMembers: Ml.Data.LoadFromEnumerable(new[] { new DocumentRow { Tokens = [98, 97, 96], Text = "secret" } }),
        textColumnName: "Text",
        prefixLength: 4,
        suffixLength: 12);

    private static void InFolder(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
