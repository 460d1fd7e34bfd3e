using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TokenStatisticsTests
{
    private const int Window = 13;

    [TestMethod]
    public void ShortDocuments_AreThoseOfWhichNoMaskDropsAnything()
    {
        // The mask drops whatever it can.
        var mask = new GoldfishMask(new GoldfishRule { K = 1, H = Window });
        Row[] rows = [.. Enumerable.Range(0, 20).Select(length => new Row { Tokens = new int[length], Mask = new float[length] })];
        foreach (Row row in rows)
            mask.Fill(row.Tokens, row.Mask);
        IDataView view = new MLContext().Data.LoadFromEnumerable(rows);
        TokenStatistics counted = TokenStatistics.Count(view, "Tokens", "Mask", Window, CancellationToken.None);
        Assert.AreEqual(rows.Count(row => row.Mask.All(keep => keep == 1)), counted.ShortDocuments);
        Assert.AreEqual(Window + 1, counted.ShortDocuments, "of 0 to 13 tokens");
        Assert.AreEqual(0, TokenStatistics.Count(view, "Tokens", "Mask", window: null, CancellationToken.None).ShortDocuments);
    }

    private sealed class Row
    {
        [VectorType]
        public int[] Tokens { get; set; } = [];

        [VectorType]
        public float[] Mask { get; set; } = [];
    }
}
