using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tests.Columns;

/// <summary>A row with a column of every kind, made from its number.</summary>
public sealed class Example
{
    public const int Classes = 4;
    public const int SparseWidth = 1000;

    [VectorType(3)]
    public float[] Features { get; set; } = [];

    [VectorType(SparseWidth)]
    public VBuffer<float> Words { get; set; }

    /// <summary>Counted from 0: what lies past the last class is read as missing.</summary>
    [KeyType(Classes)]
    public uint Label { get; set; }

    public long Target() => Label < Classes ? Label : -100;

    public float Weight { get; set; }

    public string Text { get; set; } = "";

    /// <summary>The row's number, by which tests recognise it.</summary>
    public double Number { get; set; }

    public static Example At(int row) => new()
    {
        Features = [row, row + 0.25f, -row],
        Words = row % 5 == 0
            ? new VBuffer<float>(SparseWidth, 0, null, null)
            : new VBuffer<float>(SparseWidth, 2, [row + 1f, 2f], [row % 500, 500 + row % 7]),
        Label = (uint)(row % (Classes + 1)),
        Weight = row % 3,
        Text = $"text {row}",
        Number = row,
    };

    public static BatchColumn[] AllColumns =>
    [
        BatchColumn.Scalar("Number"),
        BatchColumn.Vector("Features"),
        BatchColumn.Vector("Words"),
        BatchColumn.Key("Label"),
        BatchColumn.Scalar("Weight"),
        BatchColumn.Text("Text"),
    ];

    public static IDataView Data(int rows) =>
        new MLContext(seed: 1).Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(At).ToArray());
}
