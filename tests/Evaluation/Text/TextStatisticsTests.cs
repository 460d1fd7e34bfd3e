using Microsoft.ML;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class TextStatisticsTests
{
    private static readonly string[] Texts = ["so it goes so it goes", "so be it", ""];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Words_AreCounted()
    {
        TextStatistics statistics = TextStatistics.Of(Texts, options: new() { RepetitionLength = 2, DistinctLengths = [2, 1] });
        // so it, it goes, goes so, so it, it goes: three of five. The others repeat nothing.
        Assert.AreEqual(0.4, statistics.Repetition.Maximum, 1e-12);
        Assert.AreEqual(0.4 / 3, statistics.Repetition.Mean, 1e-12);
        Assert.AreEqual(1.0 / 3, statistics.RepeatingShare, 1e-12);
        // so, it, goes, be of nine words; so it, it goes, goes so, so be, be it of seven pairs.
        CollectionAssert.AreEqual(new[] { 1, 2 }, statistics.Distinct.Keys.ToArray());
        Assert.AreEqual(4.0 / 9, statistics.Distinct[1]!.Value, 1e-12);
        Assert.AreEqual(5.0 / 7, statistics.Distinct[2]!.Value, 1e-12);
        Assert.AreEqual(3, statistics.Words.Mean);
        Assert.AreEqual((21 + 8) / 3.0, statistics.Characters.Mean, 1e-12);
        Assert.AreEqual(3, statistics.TextCount);
        Assert.AreEqual(1, statistics.EmptyTexts);
        Assert.IsNull(statistics.UnigramF1);
    }

    [TestMethod]
    public void Characters_AreUnicodeScalarValues()
    {
        TextStatistics statistics = TextStatistics.Of(["😀😀😀"], options: new() { Unit = TextUnit.Character, RepetitionLength = 1, DistinctLengths = [3] });
        Assert.AreEqual(2.0 / 3, statistics.Repetition.Mean, 1e-12);
        Assert.AreEqual(1.0, statistics.Distinct[3]);
        Assert.AreEqual(3, statistics.Characters.Mean);
        Assert.AreEqual(1, statistics.Words.Mean);
    }

    [TestMethod]
    public void DataView_IsReadWithItsReferences()
    {
        TextStatistics statistics = _ml.Preference.EvaluateText(Load(("cat dog", "cat mouse bird"), ("yes", "Yes.")), "Text", "Reference");
        Assert.AreEqual((0.4 + 1) / 2, statistics.UnigramF1!.Mean, 1e-12);
        Assert.AreEqual(TextUnit.Word, statistics.Unit);
        Assert.AreEqual(4, statistics.RepetitionLength);
        Assert.IsNull(statistics.Distinct[3]);
        string table = statistics.ToString();
        StringAssert.Contains(table, "rep@4 (words)");
        StringAssert.Contains(table, "n/a");
        StringAssert.Contains(table, "70.0 %");
    }

    [TestMethod]
    public void BadInput_IsNamed()
    {
        Assert.Contains("no text", Assert.ThrowsExactly<ArgumentException>(() => TextStatistics.Of([])).Message);
        Assert.Contains("1 references for 3 texts", Assert.ThrowsExactly<ArgumentException>(() => TextStatistics.Of(Texts, ["a"])).Message);
        Assert.Contains("RepetitionLength", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TextStatistics.Of(Texts, options: new() { RepetitionLength = 0 })).Message);
        Assert.Contains("DistinctLengths", Assert.ThrowsExactly<ArgumentException>(() => TextStatistics.Of(Texts, options: new() { DistinctLengths = [0] })).Message);
        Assert.Contains("Unit must be", Assert.ThrowsExactly<ArgumentException>(() => TextStatistics.Of(Texts, options: new() { Unit = (TextUnit)9 })).Message);
        Assert.Contains("no text column 'Completion'", Assert.ThrowsExactly<ArgumentException>(() => _ml.Preference.EvaluateText(Load(("a", "b")))).Message);
        Assert.Contains("reference column 'Number' must be text", Assert.ThrowsExactly<ArgumentException>(() => _ml.Preference.EvaluateText(Load(("a", "b")), "Text", "Number")).Message);
        Assert.Contains("no rows", Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Preference.EvaluateText(Load(), "Text")).Message);
    }

    private IDataView Load(params (string Text, string Reference)[] rows) =>
        _ml.Data.LoadFromEnumerable(rows.Select(row => new TextRow { Text = row.Text, Reference = row.Reference }).ToArray());

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Reference { get; set; } = "";

        public float Number { get; set; }
    }
}
