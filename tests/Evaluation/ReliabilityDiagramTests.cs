using System.Xml.Linq;
using MLNetExt.Evaluation;
using SkiaSharp;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class ReliabilityDiagramTests
{
    private static readonly CalibrationMetrics Overconfident = Metrics(sharpening: 3);
    private static readonly CalibrationMetrics Calibrated = Metrics(sharpening: 1);

    [TestMethod]
    public void Svg_OfOneModel_IsXmlWithTitleErrorAndAxes()
    {
        string[] texts = SvgTexts(new ReliabilityDiagram("Letters & <digits>").Add("Model", Overconfident));
        CollectionAssert.IsSubsetOf(
            new[] { "Letters & <digits>", "Confidence", "Accuracy", "Rows", "Ideal", "Over-confidence" }, texts);
        Assert.IsTrue(texts.Any(text => text.StartsWith("ECE ", StringComparison.Ordinal) && text.Contains("4,000 rows")));
    }

    [TestMethod]
    public void Svg_OfSeveralModels_NamesEachWithItsError()
    {
        string[] texts = SvgTexts(new ReliabilityDiagram().Add("Cross-entropy", Overconfident).Add("Squentropy", Calibrated));
        foreach (string name in new[] { "Cross-entropy", "Squentropy" })
            Assert.IsTrue(texts.Any(text => text.StartsWith($"{name} · ECE ", StringComparison.Ordinal)), name);
    }

    [TestMethod]
    public void Svg_IsTheSameEveryTime()
    {
        var first = new MemoryStream();
        var second = new MemoryStream();
        new ReliabilityDiagram().Add("Model", Calibrated).WriteSvg(first);
        new ReliabilityDiagram().Add("Model", Calibrated).WriteSvg(second);
        CollectionAssert.AreEqual(first.ToArray(), second.ToArray());
    }

    [TestMethod]
    [DataRow(1120, 1440)]
    [DataRow(333, 500)]
    public void Png_HasTheRequestedSize_BarsAndText(int width, int height)
    {
        var stream = new MemoryStream();
        new ReliabilityDiagram().Add("Model", Overconfident).WritePng(stream, width, height);
        using SKBitmap picture = SKBitmap.Decode(stream.ToArray());

        Assert.AreEqual(width, picture.Width);
        Assert.AreEqual(height, picture.Height);
        Assert.IsGreaterThan(0.05, Share(picture, 0, height, color => color.Blue > color.Red + 60), "blue bars");
        // The title and subtitle stand alone in the top twelfth: dark pixels there are glyphs.
        Assert.IsGreaterThan(0.005, Share(picture, 0, height / 12, color => color.Red < 140 && color.Blue < 140), "title text");
    }

    [TestMethod]
    public void Save_ReplacesTheFile_AndLeavesNothingElse()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string svg = Path.Combine(folder, "diagram.svg");
            string png = Path.Combine(folder, "diagram.png");
            File.WriteAllText(svg, "old");
            ReliabilityDiagram diagram = new ReliabilityDiagram().Add("Model", Calibrated);
            diagram.SaveSvg(svg);
            diagram.SavePng(png);
            Assert.AreEqual("svg", XDocument.Load(svg).Root!.Name.LocalName);
            using (SKBitmap picture = SKBitmap.Decode(png))
                Assert.IsNotNull(picture);
            Assert.HasCount(2, Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void FailedSave_KeepsTheOldFile()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string svg = Path.Combine(folder, "diagram.svg");
            File.WriteAllText(svg, "old");
            Assert.ThrowsExactly<InvalidOperationException>(() => new ReliabilityDiagram().SaveSvg(svg));
            Assert.AreEqual("old", File.ReadAllText(svg));
            Assert.HasCount(1, Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void BadInput_IsRefused()
    {
        ReliabilityDiagram diagram = new ReliabilityDiagram().Add("Model", Calibrated);
        Assert.ThrowsExactly<ArgumentException>(() => diagram.Add("Model", Calibrated));
        Assert.ThrowsExactly<ArgumentException>(() => diagram.Add(" ", Calibrated));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => diagram.WriteSvg(new MemoryStream(), width: 99));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => diagram.WritePng(new MemoryStream(), height: 99));
    }

    [TestMethod]
    [DataRow("DejaVu Sans", "DejaVu Math TeX Gyre", "DejaVu Serif", "DejaVu Sans")]
    [DataRow("Noto Sans Mono", "Noto Serif", "Noto Sans Mono")]
    [DataRow("Only One", "Only One")]
    public void Font_IsAReadableOne(string expected, params string[] installed) =>
        Assert.AreEqual(expected, PlotFont.Choose(installed));

    [TestMethod]
    [DataRow]
    [DataRow("")]
    public void Font_NoneInstalled_SaysWhatToInstall(params string[] installed)
    {
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => PlotFont.Choose(installed));
        Assert.Contains("fonts-dejavu-core", exception.Message);
    }

    private static string[] SvgTexts(ReliabilityDiagram diagram)
    {
        var stream = new MemoryStream();
        diagram.WriteSvg(stream);
        stream.Position = 0;
        XElement root = XDocument.Load(stream).Root!;
        Assert.AreEqual("1120", root.Attribute("width")!.Value.Replace("px", "", StringComparison.Ordinal));
        return [.. root.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
    }

    private static double Share(SKBitmap picture, int top, int bottom, Func<SKColor, bool> isCounted)
    {
        int count = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                if (isCounted(picture.GetPixel(x, y)))
                    count++;
            }
        }
        return (double)count / ((bottom - top) * picture.Width);
    }

    /// <summary>4,000 two-class rows whose log-odds are exaggerated by the given factor.</summary>
    private static CalibrationMetrics Metrics(double sharpening)
    {
        var random = new Random(5);
        var probabilities = new double[4000];
        var labels = new bool[4000];
        for (int i = 0; i < labels.Length; i++)
        {
            double odds = 2.5 * (2 * random.NextDouble() - 1);
            labels[i] = random.NextDouble() < 1 / (1 + Math.Exp(-odds));
            probabilities[i] = 1 / (1 + Math.Exp(-odds * sharpening));
        }
        return Calibration.EvaluateBinary<double>(probabilities, labels);
    }
}
