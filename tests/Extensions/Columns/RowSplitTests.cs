using MLNetExt.Columns;
using static MLNetExt.Tests.Columns.BatchText;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class RowSplitTests
{
    private const int Rows = 3000;

    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void Split_is_a_partition(long budget)
    {
        using BatchSource source = Open(budget);
        (BatchSource training, BatchSource heldOut) = source.Split(new RowSplit(0.2, seed: 3));
        long[] all = [.. Numbers(training, 0), .. Numbers(heldOut, 0)];
        CollectionAssert.AreEqual(Enumerable.Range(0, Rows).Where(i => i % 4 != 1).Select(i => (long)i).ToArray(), all.Order().ToArray());
        // 2,250 kept rows: 450 are expected, with a standard deviation of 19.
        Assert.AreEqual(450, heldOut.RowCount, delta: 95);
    }

    [TestMethod]
    public void Split_is_the_same_cached_and_streamed()
    {
        using BatchSource cached = Open(1 << 30), streamed = Open(0);
        var split = new RowSplit(0.1, seed: 8);
        (BatchSource cachedTraining, BatchSource cachedHeldOut) = cached.Split(split);
        (BatchSource streamedTraining, BatchSource streamedHeldOut) = streamed.Split(split);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            CollectionAssert.AreEqual(Read(cachedTraining, epoch), Read(streamedTraining, epoch));
            CollectionAssert.AreEqual(Read(cachedHeldOut, epoch), Read(streamedHeldOut, epoch));
        }
    }

    [TestMethod]
    public void Held_out_rows_come_in_order_and_follow_from_the_seed()
    {
        using BatchSource source = Open(1 << 30);
        (_, BatchSource one) = source.Split(new RowSplit(0.3, seed: 1));
        (_, BatchSource same) = source.Split(new RowSplit(0.3, seed: 1));
        (_, BatchSource other) = source.Split(new RowSplit(0.3, seed: 2));
        long[] rows = Numbers(one, 0);
        CollectionAssert.AreEqual(rows.Order().ToArray(), rows);
        CollectionAssert.AreEqual(rows, Numbers(same, 5));
        CollectionAssert.AreNotEqual(rows, Numbers(other, 0));
        Assert.IsTrue(rows.All(row => new RowSplit(0.3, seed: 1).HoldsOut(row)));
    }

    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void Held_out_rows_can_be_read_in_the_middle_of_a_training_epoch(long budget)
    {
        using BatchSource source = Open(budget);
        (BatchSource training, BatchSource heldOut) = source.Split(new RowSplit(0.2, seed: 3));
        string[] expected = Read(training, 1);
        string[] validation = Read(heldOut, 0);
        int batch = 0;
        foreach (TensorBatch _ in training.Read(1))
        {
            if (batch++ == 5)
                CollectionAssert.AreEqual(validation, Read(heldOut, 0));
        }
        Assert.AreEqual(expected.Length, batch);
        CollectionAssert.AreEqual(expected, Read(training, 1));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    public void Fraction_outside_0_1_is_refused(double fraction) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RowSplit(fraction, seed: 0));

    private static BatchSource Open(long budget) => BatchSource.Open(
        Example.Data(Rows), Example.AllColumns, new BatchSourceOptions { BatchSize = 50, MemoryBudgetBytes = budget }, new LeaveOut());

    private sealed class LeaveOut : IRowVisitor
    {
        public bool Visit(RowReader row) => row.Row % 4 != 1;
    }
}
