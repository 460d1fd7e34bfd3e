using Microsoft.ML;
using MLNetExt.Columns;
using TorchSharp;
using static MLNetExt.Tests.Columns.BatchText;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class BatchSourceTests
{
    private const int Rows = 2500;

    private static BatchSource Open(long budget, int seed = 0, int batchSize = 64, bool shuffle = true, IRowVisitor? visitor = null, IDataView? data = null) =>
        BatchSource.Open(
            data ?? Example.Data(Rows),
            Example.AllColumns,
            new BatchSourceOptions { BatchSize = batchSize, Seed = seed, Shuffle = shuffle, MemoryBudgetBytes = budget },
            visitor);

    [TestMethod]
    public void Batches_hold_the_rows_in_order_when_not_shuffled()
    {
        using BatchSource source = Open(1 << 30, shuffle: false);
        Assert.AreEqual(Rows, source.RowCount);
        Assert.AreEqual(40, source.BatchesPerEpoch);
        int row = 0;
        foreach (TensorBatch batch in source.Read(0))
        {
            CollectionAssert.AreEqual(new long[] { batch.RowCount, 3 }, batch["Features"].shape);
            CollectionAssert.AreEqual(new long[] { batch.RowCount }, batch["Weight"].shape);
            float[] features = Floats(batch["Features"]);
            long[] labels = Longs(batch["Label"]);
            SparseRows words = batch.Sparse("Words");
            long[] offsets = Longs(words.Offsets), slots = Longs(words.Indices);
            float[] values = Floats(words.Values);
            for (int i = 0; i < batch.RowCount; i++, row++)
            {
                Example expected = Example.At(row);
                CollectionAssert.AreEqual(expected.Features, features[(3 * i)..(3 * i + 3)]);
                Assert.AreEqual(expected.Target(), labels[i]);
                Assert.AreEqual(expected.Text, batch.Text("Text")[i]);
                int end = i + 1 < batch.RowCount ? (int)offsets[i + 1] : values.Length;
                CollectionAssert.AreEqual(expected.Words.GetIndices().ToArray().Select(s => (long)s).ToArray(), slots[(int)offsets[i]..end]);
                CollectionAssert.AreEqual(expected.Words.GetValues().ToArray(), values[(int)offsets[i]..end]);
            }
        }
        Assert.AreEqual(Rows, row);
    }

    [TestMethod]
    [DataRow(0, true)]
    [DataRow(7, true)]
    [DataRow(-3, true)]
    [DataRow(0, false)]
    public void Cached_and_streamed_batches_are_the_same(int seed, bool shuffle)
    {
        using BatchSource cached = Open(1 << 30, seed, shuffle: shuffle), streamed = Open(0, seed, shuffle: shuffle);
        Assert.IsTrue(cached.IsCached);
        Assert.IsFalse(streamed.IsCached);
        for (int epoch = 0; epoch < 3; epoch++)
            CollectionAssert.AreEqual(Read(cached, epoch), Read(streamed, epoch), $"epoch {epoch}");
    }

    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void Every_epoch_is_a_permutation_of_its_own(long budget)
    {
        // More rows than the shuffle's smallest buffer, and rows heavy enough to get no larger one.
        using BatchSource source = Open(budget);
        long[] first = Numbers(source, 0), second = Numbers(source, 1);
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, Numbers(source, 0));
        foreach (long[] epoch in new[] { first, second })
            CollectionAssert.AreEqual(Enumerable.Range(0, Rows).Select(i => (long)i).ToArray(), epoch.Order().ToArray());
    }

    [TestMethod]
    public void Seeds_give_different_orders()
    {
        using BatchSource one = Open(1 << 30, seed: 1), two = Open(1 << 30, seed: 2);
        CollectionAssert.AreNotEqual(Numbers(one, 0), Numbers(two, 0));
    }

    [TestMethod]
    public void Buffer_smaller_than_the_data_gives_the_same_order_cached_and_streamed()
    {
        const int Width = 9000, Count = 1500;
        IDataView data = WideData.Create(Count, Width);
        BatchColumn[] columns = [BatchColumn.Vector("Features", VectorLayout.Dense)];
        using var cached = BatchSource.Open(data, columns, new BatchSourceOptions { BatchSize = 100 });
        using var streamed = BatchSource.Open(data, columns, new BatchSourceOptions { BatchSize = 100, MemoryBudgetBytes = 1 << 20 });
        Assert.IsTrue(cached.IsCached);
        Assert.IsFalse(streamed.IsCached);
        float[] order = FirstSlots(cached);
        CollectionAssert.AreEqual(order, FirstSlots(streamed));
        CollectionAssert.AreEqual(Enumerable.Range(0, Count).Select(i => (float)i).ToArray(), order.Order().ToArray());
        // The buffer holds 1,024 rows: the first batch can not hold rows from beyond it.
        Assert.IsTrue(order[..100].Max() < 1024 + 100);
    }

    [TestMethod]
    [DataRow(1L << 30, true)]
    [DataRow(0L, true)]
    [DataRow(1L << 30, false)]
    [DataRow(0L, false)]
    public void Skipping_gives_the_rest_of_the_epoch(long budget, bool shuffle)
    {
        using BatchSource source = Open(budget, shuffle: shuffle);
        string[] whole = Read(source, 2);
        CollectionAssert.AreEqual(whole[17..], Read(source, 2, skip: 17));
        Assert.IsEmpty(Read(source, 2, skip: source.BatchesPerEpoch));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => source.Read(2, source.BatchesPerEpoch + 1));
    }

    [TestMethod]
    public void Cached_source_reads_the_data_once_with_only_its_columns()
    {
        var counting = new CountingDataView(Example.Data(100));
        using var source = BatchSource.Open(counting, [BatchColumn.Vector("Features"), BatchColumn.Key("Label")]);
        _ = source.Read(0).Count() + source.Read(1).Count();
        Assert.AreEqual(1, counting.CursorsOpened);
        Assert.AreEqual(1, counting.CursorsDisposed);
        CollectionAssert.AreEquivalent(new[] { "Features", "Label" }, counting.ActiveColumns[0]);
    }

    [TestMethod]
    public void Stopping_early_disposes_the_cursor()
    {
        var counting = new CountingDataView(Example.Data(Rows));
        using BatchSource source = Open(0, data: counting);
        foreach (TensorBatch batch in source.Read(0))
        {
            Assert.AreEqual(64, batch.RowCount);
            break;
        }
        Assert.AreEqual(counting.CursorsOpened, counting.CursorsDisposed);
    }

    [TestMethod]
    public void Beginning_an_epoch_ends_the_one_before()
    {
        using BatchSource source = Open(1 << 30);
        using IEnumerator<TensorBatch> older = source.Read(0).GetEnumerator();
        Assert.IsTrue(older.MoveNext());
        Assert.HasCount(40, Read(source, 1));
        Assert.ThrowsExactly<InvalidOperationException>(() => older.MoveNext());
    }

    [TestMethod]
    public void Cache_stays_within_its_budget()
    {
        using BatchSource fits = Open(4 << 20);
        Assert.IsTrue(fits.IsCached);
        Assert.IsTrue(fits.CachedBytes is > 0 and <= 4 << 20);
        using BatchSource tooSmall = Open(fits.CachedBytes - 1);
        Assert.IsFalse(tooSmall.IsCached);
        Assert.AreEqual(0, tooSmall.CachedBytes);
    }

    [TestMethod]
    public void Empty_data_has_no_batches()
    {
        using BatchSource source = Open(1 << 30, data: Example.Data(0));
        Assert.AreEqual(0, source.RowCount);
        Assert.AreEqual(0, source.BatchesPerEpoch);
        Assert.IsEmpty(source.Read(0));
    }

    [TestMethod]
    public void Batches_survive_the_dispose_scope_they_are_read_in()
    {
        using BatchSource source = Open(1 << 30);
        using IEnumerator<TensorBatch> batches = source.Read(0).GetEnumerator();
        using (torch.NewDisposeScope())
            Assert.IsTrue(batches.MoveNext());
        Assert.HasCount(64, Floats(batches.Current["Number"]));
        Assert.IsTrue(batches.MoveNext());
        Assert.HasCount(64, Floats(batches.Current["Number"]));
    }

    [TestMethod]
    public void No_tensor_outlives_the_source()
    {
        _ = Open(0);
        long before = LiveTensors.Count();
        using (BatchSource source = Open(0))
        {
            for (int epoch = 0; epoch < 3; epoch++)
                Assert.HasCount(40, Read(source, epoch));
        }
        Assert.AreEqual(before, LiveTensors.Count());
    }

    [TestMethod]
    public void Data_that_shrinks_between_passes_is_an_error()
    {
        int rows = 300;
        IDataView data = new MLContext().Data.LoadFromEnumerable(Shrinking());
        using BatchSource source = Open(0, data: data);
        rows = 200;
        string message = Assert.ThrowsExactly<InvalidOperationException>(() => source.Read(0).Count()).Message;
        StringAssert.Contains(message, "300");

        IEnumerable<Example> Shrinking()
        {
            for (int i = 0; i < rows; i++)
                yield return Example.At(i);
        }
    }

    private static float[] FirstSlots(BatchSource source) =>
        [.. source.Read(0).SelectMany(batch => Floats(batch["Features"].select(1, 0).contiguous()))];
}
