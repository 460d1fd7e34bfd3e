using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using TorchSharp;
using static MLNetExt.Tests.Columns.BatchText;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class TokenColumnTests
{
    private const int Rows = 2500;

    private static BatchSource Open(long budget, bool shuffle = true, string? bucketBy = null, int seed = 3, int batchSize = 64, int rows = Rows, IRowVisitor? visitor = null) =>
        BatchSource.Open(
            Sentence.Data(rows),
            [BatchColumn.Scalar("Number"), BatchColumn.Tokens("Tokens", Sentence.MaxLength)],
            new BatchSourceOptions { BatchSize = batchSize, Seed = seed, Shuffle = shuffle, MemoryBudgetBytes = budget, BucketBy = bucketBy },
            visitor);

    [TestMethod]
    [DataRow(1L << 30, true, null)]
    [DataRow(0L, true, null)]
    [DataRow(1L << 30, false, null)]
    [DataRow(0L, false, null)]
    [DataRow(1L << 30, true, "Tokens")]
    [DataRow(0L, true, "Tokens")]
    public void Rows_keep_their_ids_and_are_padded_to_the_longest_of_the_batch(long budget, bool shuffle, string? bucketBy)
    {
        using BatchSource source = Open(budget, shuffle, bucketBy);
        Assert.AreEqual(budget > 0, source.IsCached);
        var seen = new List<long>();
        foreach (TensorBatch batch in source.Read(1))
        {
            TokenRows tokens = batch.Tokens("Tokens");
            long[] rows = [.. Floats(batch["Number"]).Select(n => (long)n)];
            int width = Math.Max(1, rows.Max(row => Sentence.CutIds((int)row).Length));
            CollectionAssert.AreEqual(new long[] { rows.Length, width }, tokens.Ids.shape);
            long[] expected = [.. rows.SelectMany(row => Sentence.CutIds((int)row).Concat(new int[width]).Take(width)).Select(id => (long)id)];
            CollectionAssert.AreEqual(expected, Longs(tokens.Ids));
            CollectionAssert.AreEqual(rows.Select(row => (long)Sentence.CutIds((int)row).Length).ToArray(), Longs(tokens.Lengths));
            seen.AddRange(rows);
        }
        CollectionAssert.AreEqual(Enumerable.Range(0, Rows).Select(i => (long)i).ToArray(), seen.Order().ToArray());
    }

    [TestMethod]
    public void Empty_rows_alone_have_width_1()
    {
        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(_ => new Sentence()));
        using var source = BatchSource.Open(data, [BatchColumn.Tokens("Tokens")]);
        TokenRows tokens = source.Read(0).Single().Tokens("Tokens");
        CollectionAssert.AreEqual(new long[] { 3, 1 }, tokens.Ids.shape);
        CollectionAssert.AreEqual(new long[3], Longs(tokens.Ids));
        CollectionAssert.AreEqual(new long[3], Longs(tokens.Lengths));
    }

    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void Fixed_and_sparse_vectors_are_token_columns_too(long budget)
    {
        using var source = BatchSource.Open(
            Sentence.Data(400), [BatchColumn.Tokens("Fixed")], new BatchSourceOptions { BatchSize = 150, Shuffle = false, MemoryBudgetBytes = budget });
        Assert.IsFalse(source.Columns[0].IsSparse);
        int row = 0;
        foreach (TensorBatch batch in source.Read(0))
        {
            TokenRows tokens = batch.Tokens("Fixed");
            CollectionAssert.AreEqual(new long[] { batch.RowCount, Sentence.FixedLength }, tokens.Ids.shape);
            long[] ids = Longs(tokens.Ids);
            for (int i = 0; i < batch.RowCount; i++, row++)
            {
                Assert.AreEqual(row, ids[i * Sentence.FixedLength + row % Sentence.FixedLength]);
                Assert.AreEqual(row, ids.AsSpan(i * Sentence.FixedLength, Sentence.FixedLength).ToArray().Sum());
            }
        }
        Assert.AreEqual(400, row);
    }

    [TestMethod]
    public void Rows_longer_than_a_chunk_are_kept_whole()
    {
        int[] lengths = [3, 200_000, 0, 70_000, 5];
        IDataView data = new MLContext().Data.LoadFromEnumerable(
            lengths.Select((length, row) => new Sentence { Tokens = new VBuffer<int>(length, [.. Enumerable.Range(row, length)]), Number = row }));
        foreach (long budget in new[] { 1L << 30, 0 })
        {
            using var source = BatchSource.Open(data, [BatchColumn.Scalar("Number"), BatchColumn.Tokens("Tokens")], new BatchSourceOptions { BatchSize = 2, MemoryBudgetBytes = budget });
            foreach (TensorBatch batch in source.Read(0))
            {
                for (int i = 0; i < batch.RowCount; i++)
                {
                    int row = (int)Floats(batch["Number"])[i];
                    Assert.AreEqual(lengths[row], Longs(batch.Tokens("Tokens").Lengths)[i]);
                    using torch.Tensor ids = batch.Tokens("Tokens").Ids[i].contiguous();
                    CollectionAssert.AreEqual(Enumerable.Range(row, lengths[row]).Select(id => (long)id).ToArray(), Longs(ids)[..lengths[row]]);
                }
            }
        }
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("Tokens")]
    public void Cached_and_streamed_batches_are_the_same_and_skipping_gives_the_rest(string? bucketBy)
    {
        using BatchSource cached = Open(1 << 30, bucketBy: bucketBy), streamed = Open(0, bucketBy: bucketBy);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            long[] whole = Numbers(cached, epoch);
            CollectionAssert.AreEqual(whole, Numbers(streamed, epoch), $"epoch {epoch}");
            CollectionAssert.AreEqual(whole[(17 * 64)..], Numbers(cached, epoch, skip: 17), $"epoch {epoch}, skipping");
            CollectionAssert.AreEqual(whole[(39 * 64)..], Numbers(streamed, epoch, skip: 39), $"epoch {epoch}, skipping");
        }
        CollectionAssert.AreNotEqual(Numbers(cached, 0), Numbers(cached, 1));
    }

    [TestMethod]
    public void Small_windows_give_the_same_order_cached_and_streamed()
    {
        // Wide rows leave a shuffle buffer of few rows, and windows of few batches: here 1,024 rows and 20 batches.
        IDataView data = new MLContext().Data.LoadFromEnumerable(
            Enumerable.Range(0, 3000).Select(row => new Sentence { Tokens = new VBuffer<int>(8000 + row * 7919 % 100, new int[8000 + row * 7919 % 100]), Number = row }));
        long[][] orders = [.. new[] { 1L << 30, 0 }.Select(budget =>
        {
            using var source = BatchSource.Open(
                data, [BatchColumn.Scalar("Number"), BatchColumn.Tokens("Tokens")],
                new BatchSourceOptions { BatchSize = 50, MemoryBudgetBytes = budget, BucketBy = "Tokens" });
            Assert.AreEqual(budget > 0, source.IsCached);
            return Numbers(source, 0);
        })];
        CollectionAssert.AreEqual(orders[0], orders[1]);
        CollectionAssert.AreEqual(Enumerable.Range(0, 3000).Select(i => (long)i).ToArray(), orders[0].Order().ToArray());
        Assert.IsLessThan(1100 + 1050, orders[0][..1000].Max(), "rows from beyond the buffer and the window");
    }

    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void Buckets_leave_little_padding_and_batches_of_all_lengths_in_turn(long budget)
    {
        using BatchSource plain = Open(budget), bucketed = Open(budget, bucketBy: "Tokens");
        Assert.IsGreaterThan(0.4, Padding(plain));
        Assert.IsLessThan(0.08, Padding(bucketed));
        // The batches' order is shuffled: their widths neither rise nor fall.
        long[] widths = [.. bucketed.Read(0).Select(batch => batch.Tokens("Tokens").Ids.shape[1])];
        int rises = widths.Zip(widths.Skip(1)).Count(pair => pair.Second > pair.First);
        Assert.IsInRange(8, 30, rises);
        CollectionAssert.AreNotEqual(widths, bucketed.Read(1).Select(batch => batch.Tokens("Tokens").Ids.shape[1]).ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(63)]
    [DataRow(64)]
    [DataRow(65)]
    public void Buckets_take_every_row_once_whatever_the_number_of_rows(int rows)
    {
        using BatchSource source = Open(0, bucketBy: "Tokens", rows: rows);
        for (int epoch = 0; epoch < 4; epoch++)
            CollectionAssert.AreEqual(Enumerable.Range(0, rows).Select(i => (long)i).ToArray(), Numbers(source, epoch).Order().ToArray());
        CollectionAssert.AreEqual(Enumerable.Repeat(64, rows / 64).Append(rows % 64).Where(n => n > 0).ToArray(), source.Read(0).Select(b => b.RowCount).ToArray());
    }

    [TestMethod]
    public void Splits_are_bucketed_in_training_and_in_order_when_held_out()
    {
        using BatchSource cached = Open(1 << 30, bucketBy: "Tokens"), streamed = Open(0, bucketBy: "Tokens");
        (BatchSource training, BatchSource heldOut) = cached.Split(new RowSplit(0.2, 5));
        (BatchSource trainingStreamed, BatchSource heldOutStreamed) = streamed.Split(new RowSplit(0.2, 5));
        CollectionAssert.AreEqual(Numbers(training, 2), Numbers(trainingStreamed, 2));
        CollectionAssert.AreEqual(Numbers(heldOut, 2), Numbers(heldOutStreamed, 2));
        CollectionAssert.AreEqual(Numbers(heldOut, 2).Order().ToArray(), Numbers(heldOut, 2));
        CollectionAssert.AreEqual(
            Enumerable.Range(0, Rows).Select(i => (long)i).ToArray(), Numbers(training, 0).Concat(Numbers(heldOut, 0)).Order().ToArray());
    }

    [TestMethod]
    public void Visitor_sees_the_ids_and_the_rows_it_leaves_out_are_not_read()
    {
        var visitor = new NotEmpty();
        using BatchSource cached = Open(1 << 30, bucketBy: "Tokens", visitor: visitor), streamed = Open(0, bucketBy: "Tokens", visitor: new NotEmpty());
        Assert.AreEqual(Enumerable.Range(0, Rows).Sum(row => Sentence.CutIds(row).Length), visitor.Ids);
        Assert.AreEqual(Enumerable.Range(0, Rows).Count(row => Sentence.Ids(row).Length > 0), cached.RowCount);
        CollectionAssert.AreEqual(Numbers(cached, 0), Numbers(streamed, 0));
        Assert.IsTrue(streamed.Read(1).All(batch => Longs(batch.Tokens("Tokens").Lengths).Min() > 0));
    }

    [TestMethod]
    public void Cache_counts_its_bytes()
    {
        using BatchSource fits = Open(4 << 20);
        Assert.IsInRange(sizeof(int) * Enumerable.Range(0, Rows).Sum(row => (long)Sentence.CutIds(row).Length), 4 << 20, fits.CachedBytes);
        using BatchSource tooSmall = Open(fits.CachedBytes - 1);
        Assert.IsFalse(tooSmall.IsCached);
    }

    [TestMethod]
    public void No_tensor_outlives_the_source()
    {
        long before = LiveTensors.Count();
        using (BatchSource source = Open(0, bucketBy: "Tokens"))
        {
            using (torch.NewDisposeScope())
                Assert.HasCount(40, source.Read(0).Select(batch => Longs(batch.Tokens("Tokens").Ids)));
            Assert.HasCount(40, source.Read(1).Select(batch => Longs(batch.Tokens("Tokens").Ids)));
        }
        Assert.AreEqual(before, LiveTensors.Count());
    }

    [TestMethod]
    [DataRow("Number", "Double", "ConvertType")]
    [DataRow("Text", "String", "TokenizeBytePairs")]
    [DataRow("Floats", "Vector<Single>", "ConvertType")]
    [DataRow("Key", "Key<UInt32, 0-4>", "ConvertType")]
    public void Other_types_are_refused_with_the_way_to_mend_them(string name, string actual, string remedy)
    {
        IDataView data = new MLContext().Data.LoadFromEnumerable(new[] { new Others() });
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BatchColumn.Tokens(name).Bind(data.Schema)).Message;
        StringAssert.Contains(message, $"'{name}' must be a vector of Int32 but is {actual}");
        StringAssert.Contains(message, remedy);
    }

    [TestMethod]
    public void Length_below_1_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BatchColumn.Tokens("Tokens", maxLength: 0));

    [TestMethod]
    public void Buckets_without_their_column_or_without_shuffling_are_refused()
    {
        string other = Assert.ThrowsExactly<ArgumentException>(() => Open(0, bucketBy: "Number")).Message;
        StringAssert.Contains(other, "'Number'");
        string inOrder = Assert.ThrowsExactly<ArgumentException>(() => Open(0, shuffle: false, bucketBy: "Tokens")).Message;
        StringAssert.Contains(inOrder, "Shuffle");
    }

    private static double Padding(BatchSource source)
    {
        long ids = 0, places = 0;
        foreach (TensorBatch batch in source.Read(0))
        {
            ids += Longs(batch.Tokens("Tokens").Lengths).Sum();
            places += batch.Tokens("Tokens").Ids.numel();
        }
        return 1 - ids / (double)places;
    }

    private sealed class NotEmpty : IRowVisitor
    {
        public int Ids { get; private set; }

        public bool Visit(RowReader row)
        {
            Ids += row.Tokens(1).Length;
            return row.Tokens(1).Length > 0;
        }
    }

    private sealed class Others
    {
        public double Number { get; set; }
        public string Text { get; set; } = "";
        public float[] Floats { get; set; } = [];

        [KeyType(5)]
        public uint Key { get; set; }
    }
}
