using MLNetExt.Columns;
using static MLNetExt.Tests.Columns.BatchText;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class RowVisitorTests
{
    private const int Rows = 2000;

    [TestMethod]
    public void Visitor_sees_every_row_once_with_its_values()
    {
        var visitor = new Visitor(row =>
        {
            Example expected = Example.At((int)row.Row);
            return row.Scalar(0) == (float)expected.Number
                && row.Vector(1).GetValues().SequenceEqual(expected.Features)
                && row.Vector(2).GetValues().SequenceEqual(expected.Words.GetValues())
                && row.Key(3) == expected.Target()
                && row.Scalar(4) == expected.Weight
                && row.Text(5).Span.SequenceEqual(expected.Text);
        });
        using BatchSource source = Open(visitor, 1 << 30);
        CollectionAssert.AreEqual(Enumerable.Range(0, Rows).Select(i => (long)i).ToArray(), visitor.Seen);
        Assert.AreEqual(Rows, source.RowCount);
        _ = Read(source, 0);
        Assert.HasCount(Rows, visitor.Seen);
    }

    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void Rows_left_out_are_in_no_epoch(long budget)
    {
        using BatchSource source = Open(new Visitor(row => row.Key(3) != TensorBatch.MissingKey && row.Scalar(4) > 0), budget);
        long[] kept = [.. Enumerable.Range(0, Rows).Where(i => i % 5 != 4 && i % 3 != 0).Select(i => (long)i)];
        Assert.AreEqual(kept.Length, source.RowCount);
        for (int epoch = 0; epoch < 2; epoch++)
            CollectionAssert.AreEqual(kept, Numbers(source, epoch).Order().ToArray());
    }

    [TestMethod]
    public void Cached_and_streamed_agree_when_rows_are_left_out()
    {
        var visitor = new Visitor(row => row.Row % 7 != 3);
        using BatchSource cached = Open(visitor, 1 << 30), streamed = Open(visitor, 0);
        CollectionAssert.AreEqual(Read(cached, 1), Read(streamed, 1));
    }

    [TestMethod]
    public void All_rows_left_out_is_an_empty_source()
    {
        using BatchSource source = Open(new Visitor(_ => false), 1 << 30);
        Assert.AreEqual(0, source.RowCount);
        Assert.IsEmpty(source.Read(0));
    }

    [TestMethod]
    public void Cancelling_ends_the_first_pass()
    {
        using var cancelling = new CancellationTokenSource();
        var visitor = new Visitor(row =>
        {
            if (row.Row == 10)
                cancelling.Cancel();
            return true;
        });
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            BatchSource.Open(Example.Data(Rows), Example.AllColumns, visitor: visitor, cancellation: cancelling.Token));
        Assert.IsLessThan(Rows, visitor.Seen.Count);
    }

    private static BatchSource Open(IRowVisitor visitor, long budget) => BatchSource.Open(
        Example.Data(Rows), Example.AllColumns, new BatchSourceOptions { BatchSize = 50, MemoryBudgetBytes = budget }, visitor);

    private sealed class Visitor(Func<RowReader, bool> keep) : IRowVisitor
    {
        public List<long> Seen { get; } = [];

        public bool Visit(RowReader row)
        {
            Seen.Add(row.Row);
            return keep(row);
        }
    }
}
