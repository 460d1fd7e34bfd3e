using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static MLNetExt.Tests.Columns.BatchText;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class BatchColumnTests
{
    [TestMethod]
    public void Missing_column_is_named_with_its_neighbours()
    {
        string message = Refused(BatchColumn.Vector("Feature"));
        StringAssert.Contains(message, "'Feature'");
        StringAssert.Contains(message, "nearest are 'Features'");
    }

    [TestMethod]
    [DataRow("Text", ColumnKind.Vector, "String")]
    [DataRow("Number", ColumnKind.Vector, "Double")]
    [DataRow("Features", ColumnKind.Scalar, "Vector<Single, 3>")]
    [DataRow("Label", ColumnKind.Scalar, "Key<UInt32, 0-3>")]
    [DataRow("Weight", ColumnKind.Key, "Single")]
    [DataRow("Label", ColumnKind.Text, "Key<UInt32, 0-3>")]
    public void Wrong_type_is_named(string name, ColumnKind kind, string actual)
    {
        string message = Refused(new BatchColumn(name, kind));
        StringAssert.Contains(message, $"'{name}'");
        StringAssert.Contains(message, actual);
    }

    [TestMethod]
    public void Vectors_of_unknown_length_are_refused()
    {
        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromEnumerable(new[] { new VariableRow() });
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BatchColumn.Vector("Values").Bind(data.Schema)).Message;
        StringAssert.Contains(message, "vary in length");
    }

    [TestMethod]
    public void Column_asked_for_twice_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() =>
            BatchSource.Open(Example.Data(1), [BatchColumn.Scalar("Weight"), BatchColumn.Vector("Weight")]));

    [TestMethod]
    public void Single_can_be_read_as_a_vector_of_length_1()
    {
        using var source = BatchSource.Open(Example.Data(5), [BatchColumn.Vector("Weight")], new BatchSourceOptions { Shuffle = false });
        TensorBatch batch = source.Read(0).Single();
        CollectionAssert.AreEqual(new long[] { 5, 1 }, batch["Weight"].shape);
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 0, 1 }, Floats(batch["Weight"]));
    }

    [TestMethod]
    [DataRow(VectorLayout.Dense)]
    [DataRow(VectorLayout.Sparse)]
    public void Vectors_of_Boolean_are_read_as_0_and_1(VectorLayout layout)
    {
        IDataView data = new MLContext().Data.LoadFromEnumerable(new Flags[]
        {
            new() { Values = new VBuffer<bool>(3, [true, false, true]) },
            new() { Values = new VBuffer<bool>(3, 1, [true], [1]) },
            new() { Values = new VBuffer<bool>(3, 0, [], []) },
        });
        using var source = BatchSource.Open(data, [BatchColumn.Vector("Values", layout)], new BatchSourceOptions { Shuffle = false });
        TensorBatch batch = source.Read(0).Single();
        if (layout == VectorLayout.Dense)
            CollectionAssert.AreEqual(new float[] { 1, 0, 1, 0, 1, 0, 0, 0, 0 }, Floats(batch["Values"]));
        else
            CollectionAssert.AreEqual(new long[] { 0, 2, 1 }, Longs(batch.Sparse("Values").Indices));
    }

    [TestMethod]
    public void Every_number_type_is_read_as_a_scalar()
    {
        IDataView data = new MLContext().Data.LoadFromEnumerable(new[] { new Numbers(), new Numbers() });
        BatchColumn[] columns = [.. data.Schema.Select(column => BatchColumn.Scalar(column.Name))];
        Assert.HasCount(11, columns);
        using var source = BatchSource.Open(data, columns);
        TensorBatch batch = source.Read(0).Single();
        for (int c = 0; c < columns.Length; c++)
            CollectionAssert.AreEqual(new[] { Expected(c), Expected(c) }, Floats(batch[columns[c].Name]), columns[c].Name);
    }

    [TestMethod]
    public void Every_key_type_is_read_from_zero_with_missing_as_minus_100()
    {
        var ml = new MLContext();
        IDataView uints = ml.Data.LoadFromEnumerable([new Key { UInt = 9 }, new Key { UInt = 0 }, new Key { UInt = 8 }]);
        IDataView data = ml.Transforms.Conversion.ConvertType("Byte", "UInt", DataKind.Byte)
            .Append(ml.Transforms.Conversion.ConvertType("UShort", "UInt", DataKind.UInt16))
            .Append(ml.Transforms.Conversion.ConvertType("ULong", "UInt", DataKind.UInt64))
            .Fit(uints).Transform(uints);
        BatchColumn[] columns = [.. data.Schema.Select(column => BatchColumn.Key(column.Name))];
        using var source = BatchSource.Open(data, columns, new BatchSourceOptions { Shuffle = false });
        TensorBatch batch = source.Read(0).Single();
        Assert.HasCount(4, columns);
        foreach (BatchColumn column in columns)
            CollectionAssert.AreEqual(new long[] { -100, 0, 8 }, Longs(batch[column.Name]), column.Name);
        Assert.IsTrue(source.Columns.All(column => column.KeyCount == 9));
    }

    [TestMethod]
    public void Wide_column_with_few_entries_is_kept_sparse_and_a_narrow_one_dense()
    {
        using var source = BatchSource.Open(Example.Data(300), [BatchColumn.Vector("Features"), BatchColumn.Vector("Words")]);
        Assert.IsFalse(source.Columns[0].IsSparse);
        Assert.IsTrue(source.Columns[1].IsSparse);
        Assert.AreEqual(VectorLayout.Sparse, source.Columns[1].Definition.Layout);
    }

    [TestMethod]
    public void Layout_asked_for_is_kept()
    {
        using var source = BatchSource.Open(
            Example.Data(10),
            [BatchColumn.Vector("Features", VectorLayout.Sparse), BatchColumn.Vector("Words", VectorLayout.Dense)],
            new BatchSourceOptions { Shuffle = false });
        TensorBatch batch = source.Read(0).Single();
        CollectionAssert.AreEqual(new long[] { 10, Example.SparseWidth }, batch["Words"].shape);
        Assert.AreEqual(4, batch["Words"][3, 3].item<float>());
        // Row 0 is [0, 0.25, -0]: only its middle slot has an entry.
        CollectionAssert.AreEqual(new long[] { 1, 0, 1, 2 }, Longs(batch.Sparse("Features").Indices)[..4]);
        Assert.IsFalse(batch.IsSparse("Words"));
    }

    private static string Refused(BatchColumn column) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => column.Bind(Example.Data(1).Schema)).Message;

    // The Boolean comes last and is true.
    private static float Expected(int column) => column == 10 ? 1 : column + 1;

    private sealed class VariableRow
    {
        public float[] Values { get; set; } = [1, 2];
    }

    private sealed class Flags
    {
        [VectorType(3)]
        public VBuffer<bool> Values { get; set; }
    }

    private sealed class Numbers
    {
        public float Single { get; set; } = 1;
        public double Double { get; set; } = 2;
        public sbyte SByte { get; set; } = 3;
        public short Short { get; set; } = 4;
        public int Int { get; set; } = 5;
        public long Long { get; set; } = 6;
        public byte Byte { get; set; } = 7;
        public ushort UShort { get; set; } = 8;
        public uint UInt { get; set; } = 9;
        public ulong ULong { get; set; } = 10;
        public bool Boolean { get; set; } = true;
    }

    private sealed class Key
    {
        [KeyType(9)]
        public uint UInt { get; set; }
    }
}
