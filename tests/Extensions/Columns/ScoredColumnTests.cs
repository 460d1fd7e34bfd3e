using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class ScoredColumnTests
{
    [TestMethod]
    public void Vectors_of_text_are_given_row_by_row()
    {
        var column = (ScoredColumn<VBuffer<ReadOnlyMemory<char>>>)ScoredColumn.TextVectors(
            [.. new[] { "a", "", "b", "c", "d", "e" }.Select(text => text.AsMemory())], width: 3);
        Assert.AreEqual(2, column.RowCount);
        Assert.AreEqual(typeof(VBuffer<ReadOnlyMemory<char>>), column.RawType);
        VBuffer<ReadOnlyMemory<char>> value = default;
        column.CopyTo(1, ref value);
        CollectionAssert.AreEqual(new[] { "c", "d", "e" }, value.DenseValues().Select(text => text.ToString()).ToArray());
        column.CopyTo(0, ref value);
        CollectionAssert.AreEqual(new[] { "a", "", "b" }, value.DenseValues().Select(text => text.ToString()).ToArray());
    }

    [TestMethod]
    public void Values_that_are_no_whole_number_of_vectors_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => ScoredColumn.TextVectors(new ReadOnlyMemory<char>[5], width: 2));
        Assert.ThrowsExactly<ArgumentException>(() => ScoredColumn.Vectors(new float[5], width: 2));
    }
}
