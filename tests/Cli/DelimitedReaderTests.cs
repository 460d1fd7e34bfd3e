using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli;
using MLNetExt.Cli.Data;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class DelimitedReaderTests
{
    private static List<string[]> Read(string text, char separator = ',')
    {
        var reader = new DelimitedReader(new StringReader(text), "file.csv", separator);
        var (records, fields) = (new List<string[]>(), new List<string>());
        while (reader.Read(fields))
            records.Add([.. fields]);
        return records;
    }

    [TestMethod]
    [DataRow("a,b", new[] { "a", "b" })]
    [DataRow(" a , b ", new[] { "a", "b" })]
    [DataRow("a,", new[] { "a", "" })]
    [DataRow(",", new[] { "", "" })]
    [DataRow("\"a,b\",c", new[] { "a,b", "c" })]
    [DataRow("\"say \"\"hi\"\"\",c", new[] { "say \"hi\"", "c" })]
    [DataRow("\"\",c", new[] { "", "c" })]
    [DataRow("\"two\nlines\" ,c", new[] { "two\nlines", "c" })]
    [DataRow("\"a\n\nb\"", new[] { "a\n\nb" })]
    [DataRow("it's 5\" wide,c", new[] { "it's 5\" wide", "c" })]
    public void Fields_AreSplitAtSeparatorsOutsideQuotes(string line, string[] expected)
    {
        CollectionAssert.AreEqual(expected, Read(line).Single());
    }

    [TestMethod]
    public void EmptyLinesAndComments_AreNoRecords()
    {
        List<string[]> records = Read("# about\n\n// about\na,b\n\n#1,2\n// no\n3,4\n");
        CollectionAssert.AreEqual(new[] { "a", "#1", "3" }, records.Select(r => r[0]).ToArray());
    }

    [TestMethod]
    [DataRow("a,b\n1,\"open", "line 2", "never closed")]
    [DataRow("a,b\n\"x\"y,2", "line 2", "closing quote")]
    public void WrongQuotes_AreRefusedWithTheirLine(string text, string line, string what)
    {
        var e = Assert.ThrowsExactly<UserErrorException>(() => Read(text));
        StringAssert.Contains(e.Message, line);
        StringAssert.Contains(e.Message, what);
    }

    [TestMethod]
    public void Cells_AreWhatTextLoaderReads()
    {
        using var place = new Workplace();
        string path = place.Write(
            "data.csv", "a,b,c", "1,\"x, y\",z", "", " 2 , spaced ,\"quo\"\"ted\"", "// left out,1,2", "3,,\"\"", "\"4\",\"first", "", "third\" ,last", "#5,6,7");
        TableFile file = TableFile.Open(path);
        using var text = new StreamReader(path);
        DelimitedReader reader = file.ReadRows(text);
        var (mine, fields) = (new List<string>(), new List<string>());
        while (reader.Read(fields))
            mine.Add(string.Join('|', fields));

        var ml = new MLContext();
        IDataView view = ml.Load(file, file.Columns.Select(c => (c, c, DataKind.String)));
        string[][] columns = [.. file.Columns.Select(c => view.GetColumn<string>(c).ToArray())];
        string[] loaded = [.. columns[0].Select((_, i) => string.Join('|', columns.Select(c => c[i].Trim())))];

        CollectionAssert.AreEqual(loaded, mine);
        Assert.HasCount(5, mine);
    }

    [TestMethod]
    [DataRow("a,b;c,d", ',')]
    [DataRow("a;b;c,d", ';')]
    [DataRow("a\tb", '\t')]
    [DataRow("a|b|\"c,d,e,f\"", '|')]
    [DataRow("only", ',')]
    public void Separator_IsTheHeadersMostFrequentCandidate(string header, char expected)
    {
        using var place = new Workplace();
        Assert.AreEqual(expected, TableFile.Open(place.Write("data", header)).Separator);
    }

    [TestMethod]
    public void Header_NamesEveryColumnOnce()
    {
        using var place = new Workplace();
        CollectionAssert.AreEqual(new[] { "column1", "b" }, TableFile.Open(place.Write("a.csv", ",b")).Columns.ToArray());
        var e = Assert.ThrowsExactly<UserErrorException>(() => TableFile.Open(place.Write("b.csv", "x,y,x")));
        StringAssert.Contains(e.Message, "2 columns named 'x'");
    }
}
