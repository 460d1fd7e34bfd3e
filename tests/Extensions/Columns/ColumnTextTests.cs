using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class ColumnTextTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Row
    {
        public string Text { get; set; } = "";
        public ulong Whole { get; set; }
        public sbyte Small { get; set; }
        public double Real { get; set; }
        public float Single { get; set; }
        [KeyType(9)] public byte Plain { get; set; }
        public bool Flag { get; set; }
        [VectorType(2)] public float[] Vector { get; set; } = [0, 0];
    }

    [TestMethod]
    [DataRow("Text", "x", null)]
    [DataRow("Whole", "18446744073709551615", "0")]
    [DataRow("Small", "-5", "0")]
    [DataRow("Real", "0.1", null)]
    [DataRow("Single", "1.5", null)]
    [DataRow("Plain", "4", null)]
    [DataRow("Named", "x", null)]
    [DataRow("NamedNumber", "0.1", null)]
    public void Values_become_invariant_text_and_missing_ones_null(string column, string first, string? second)
    {
        // LoadFromEnumerable counts keys from 0 and takes a value beyond the count for missing.
        Row[] rows =
        [
            new() { Text = "x", Whole = ulong.MaxValue, Small = -5, Real = 0.1, Single = 1.5f, Plain = 3 },
            new() { Text = "", Real = double.NaN, Single = float.NaN, Plain = 200 },
        ];
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Named", "Text").Append(_ml.Transforms.Conversion.MapValueToKey("NamedNumber", "Real")).Fit(view).Transform(view);
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        Func<string?> read = ColumnText.CreateReader(cursor, data.Schema[column]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(first, read());
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(second, read());
    }

    [TestMethod]
    [DataRow("Flag")]
    [DataRow("Vector")]
    public void Other_types_are_refused(string column)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new Row[] { new() });
        Assert.IsFalse(ColumnText.CanRead(data.Schema[column].Type));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Assert.Contains($"'{column}'", Assert.ThrowsExactly<ArgumentException>(() => ColumnText.CreateReader(cursor, data.Schema[column])).Message);
    }
}
