using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using TorchSharp;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class BlockScoringViewTests
{
    private const int Rows = 600;
    private readonly CountingDataView _data = new(Example.Data(Rows));
    private readonly FakeScorer _scorer;
    private readonly BlockScoringView _view;

    public BlockScoringViewTests()
    {
        _scorer = new FakeScorer(_data.Schema);
        _view = new BlockScoringView(_data, _scorer);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(256)]
    [DataRow(1000)]
    public void Every_column_is_right_at_every_block_size(int blockRows)
    {
        var view = new BlockScoringView(_data, _scorer, blockRows);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var number = cursor.GetGetter<double>(view.Schema["Number"]);
        var sum = cursor.GetGetter<float>(view.Schema["Sum"]);
        var score = cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]);
        var label = cursor.GetGetter<uint>(view.Schema["PredictedLabel"]);
        var text = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Text"]);
        var flag = cursor.GetGetter<bool>(view.Schema["Flag"]);
        var tail = cursor.GetGetter<VBuffer<float>>(view.Schema["Tail"]);
        int row = 0;
        for (; cursor.MoveNext(); row++)
        {
            Example expected = Example.At(row);
            Assert.AreEqual(row, cursor.Position);
            Assert.AreEqual(expected.Number, Value(number));
            Assert.AreEqual(FakeScorer.Sum(expected), Value(sum));
            CollectionAssert.AreEqual(FakeScorer.Score(expected), Value(score).DenseValues().ToArray());
            Assert.AreEqual(FakeScorer.PredictedLabel(expected), Value(label));
            Assert.AreEqual(FakeScorer.Text(expected), Value(text).ToString());
            Assert.AreEqual(FakeScorer.Sum(expected) > 100, Value(flag));
            CollectionAssert.AreEqual(FakeScorer.Tail(expected), Value(tail).DenseValues().ToArray());
        }
        Assert.AreEqual(Rows, row);
        Assert.AreEqual(-1, cursor.Position);
        Assert.HasCount((Rows + blockRows - 1) / blockRows, _scorer.BlockSizes);
    }

    [TestMethod]
    public void Blocks_know_which_rows_of_the_data_they_hold()
    {
        foreach (object _ in _view.GetColumn<float>("Sum"))
        {
        }

        CollectionAssert.AreEqual((long?[])[0, 256, 512], _scorer.FirstRows);
        using var scope = torch.NewDisposeScope();
        var batch = new TensorBatch(4, new Dictionary<string, torch.Tensor> { ["x"] = torch.zeros(4) }) { FirstRow = 256 };
        Assert.AreEqual(258, batch.Slice(2, 2).FirstRow);
        Assert.IsNull(new TensorBatch(4, new Dictionary<string, torch.Tensor>()).Slice(2, 2).FirstRow);
    }

    [TestMethod]
    public void Output_hides_the_input_of_its_name()
    {
        Assert.AreEqual(_data.Schema.Count + 6, _view.Schema.Count);
        Assert.IsTrue(_view.Schema[_data.Schema["Text"].Index].IsHidden);
        using DataViewRowCursor cursor = _view.GetRowCursor(_view.Schema);
        var hidden = cursor.GetGetter<ReadOnlyMemory<char>>(_view.Schema[_data.Schema["Text"].Index]);
        var shown = cursor.GetGetter<ReadOnlyMemory<char>>(_view.Schema["Text"]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual("text 0", Value(hidden).ToString());
        Assert.AreEqual("TEXT 0", Value(shown).ToString());
    }

    [TestMethod]
    public void Annotations_are_delivered() =>
        CollectionAssert.AreEqual(new[] { "sum", "words" }, SlotNames(_view.Schema["Score"]));

    [TestMethod]
    public void Passed_through_columns_are_read_only_when_asked_for()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_view.Schema["Sum"], _view.Schema["Number"], _view.Schema["Weight"]]);
        var sum = cursor.GetGetter<float>(_view.Schema["Sum"]);
        var number = cursor.GetGetter<double>(_view.Schema["Number"]);
        for (int row = 0; cursor.MoveNext(); row++)
        {
            Assert.AreEqual(FakeScorer.Sum(Example.At(row)), Value(sum));
            if (row % 100 == 50)
                Assert.AreEqual(row, Value(number));
        }
        Assert.AreEqual(6, _data.ReadsOf("Number"));
        Assert.AreEqual(0, _data.ReadsOf("Weight"));
        Assert.AreEqual(Rows, _data.ReadsOf("Features"));
    }

    [TestMethod]
    public void Only_passed_through_columns_score_nothing()
    {
        using (DataViewRowCursor cursor = _view.GetRowCursor([_view.Schema["Number"]]))
        {
            while (cursor.MoveNext())
                Assert.IsTrue(cursor.Position >= 0);
        }
        Assert.IsEmpty(_scorer.BlockSizes);
        Assert.AreEqual(1, _data.CursorsOpened);
        CollectionAssert.AreEqual(new[] { "Number" }, _data.ActiveColumns[0]);
    }

    [TestMethod]
    public void Only_outputs_open_one_cursor_with_the_inputs_active()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_view.Schema["Sum"]]);
        Assert.AreEqual(1, _data.CursorsOpened);
        CollectionAssert.AreEquivalent(new[] { "Features", "Words", "Text" }, _data.ActiveColumns[0]);
        Assert.IsTrue(cursor.MoveNext());
        _ = Value(cursor.GetGetter<float>(_view.Schema["Sum"]));
        CollectionAssert.AreEqual(new[] { true, false, false, false, false, false }, _scorer.Active[0]);
    }

    [TestMethod]
    public void No_column_at_all_still_counts_rows()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
            rows++;
        Assert.AreEqual(Rows, rows);
        Assert.IsEmpty(_scorer.BlockSizes);
    }

    [TestMethod]
    public void Inactive_columns_and_wrong_types_are_refused()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_view.Schema["Sum"]]);
        Assert.IsFalse(cursor.IsColumnActive(_view.Schema["Score"]));
        Assert.IsTrue(cursor.IsColumnActive(_view.Schema["Sum"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(_view.Schema["Score"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(_view.Schema["Sum"]));
    }

    [TestMethod]
    public void Values_cannot_be_read_before_the_first_row_or_after_the_last()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_view.Schema["Sum"]]);
        var sum = cursor.GetGetter<float>(_view.Schema["Sum"]);
        ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
        Assert.ThrowsExactly<InvalidOperationException>(() => Value(sum));
        Assert.ThrowsExactly<InvalidOperationException>(() => Value(id));
        while (cursor.MoveNext())
            Assert.AreEqual(FakeScorer.Sum(Example.At((int)cursor.Position)), Value(sum));
        Assert.ThrowsExactly<InvalidOperationException>(() => Value(sum));
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(_data.CursorsOpened, _data.CursorsDisposed);
    }

    [TestMethod]
    public void Two_cursors_at_once_do_not_disturb_each_other()
    {
        using DataViewRowCursor slow = _view.GetRowCursor(_view.Schema), fast = _view.GetRowCursor(_view.Schema);
        var slowSum = slow.GetGetter<float>(_view.Schema["Sum"]);
        var fastSum = fast.GetGetter<float>(_view.Schema["Sum"]);
        var slowNumber = slow.GetGetter<double>(_view.Schema["Number"]);
        while (fast.MoveNext())
        {
            Assert.AreEqual(FakeScorer.Sum(Example.At((int)fast.Position)), Value(fastSum));
            if (fast.Position % 2 == 0)
            {
                Assert.IsTrue(slow.MoveNext());
                Assert.AreEqual(slow.Position, Value(slowNumber));
                Assert.AreEqual(FakeScorer.Sum(Example.At((int)slow.Position)), Value(slowSum));
            }
        }
        Assert.AreEqual(Rows / 2 - 1, slow.Position);
    }

    [TestMethod]
    [DataRow("Sum")]
    [DataRow("Number")]
    public void Ids_are_those_of_the_source(string column)
    {
        using DataViewRowCursor source = _data.GetRowCursor([]), scored = _view.GetRowCursor([_view.Schema[column]]);
        ValueGetter<DataViewRowId> expected = source.GetIdGetter(), actual = scored.GetIdGetter();
        while (source.MoveNext())
        {
            Assert.IsTrue(scored.MoveNext());
            Assert.AreEqual(Value(expected), Value(actual));
        }
        Assert.IsFalse(scored.MoveNext());
    }

    [TestMethod]
    public void Disposing_early_disposes_cursors_and_tensors()
    {
        long before = LiveTensors.Count();
        using (DataViewRowCursor cursor = _view.GetRowCursor(_view.Schema))
        {
            Assert.IsTrue(cursor.MoveNext());
            _ = Value(cursor.GetGetter<float>(_view.Schema["Sum"]));
        }
        Assert.AreEqual(2, _data.CursorsDisposed);
        Assert.AreEqual(before, LiveTensors.Count());
    }

    [TestMethod]
    public void A_thousand_blocks_leave_no_tensor()
    {
        IDataView data = Example.Data(1000);
        var view = new BlockScoringView(data, new FakeScorer(data.Schema), blockRows: 1);
        long total = LiveTensors.Count(), live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.HasCount(1000, view.GetColumn<float>("Sum").ToArray());
        Assert.AreEqual(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.AreEqual(total, LiveTensors.Count());
    }

    [TestMethod]
    public void Reading_a_vector_uses_the_consumers_memory_again()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_view.Schema["Score"]]);
        var score = cursor.GetGetter<VBuffer<float>>(_view.Schema["Score"]);
        VBuffer<float> value = default;
        Assert.IsTrue(cursor.MoveNext());
        score(ref value);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            score(ref value);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [TestMethod]
    public void Row_count_and_cursor_set_are_the_sources()
    {
        Assert.AreEqual(Rows, _view.GetRowCount());
        Assert.IsFalse(_view.CanShuffle);
        DataViewRowCursor[] set = _view.GetRowCursorSet([_view.Schema["Sum"]], 4);
        Assert.HasCount(1, set);
        set[0].Dispose();
    }

    [TestMethod]
    public void Stock_parts_read_the_view()
    {
        var ml = new MLContext(seed: 1);
        float[] expected = [.. Enumerable.Range(0, Rows).Select(i => FakeScorer.Sum(Example.At(i)))];
        CollectionAssert.AreEqual(expected, _view.GetColumn<float>("Sum").ToArray());
        CollectionAssert.AreEqual(expected, ml.Data.Cache(_view).GetColumn<float>("Sum").ToArray());
        CollectionAssert.AreEquivalent(expected, ml.Data.ShuffleRows(_view, seed: 5).GetColumn<float>("Sum").ToArray());
        CollectionAssert.AreEqual(expected[100..120], ml.Data.TakeRows(ml.Data.SkipRows(_view, 100), 20).GetColumn<float>("Sum").ToArray());
    }

    [TestMethod]
    public void Scorer_bound_to_another_schema_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => new BlockScoringView(Example.Data(3), _scorer));

    private static T Value<T>(ValueGetter<T> getter)
    {
        T value = default!;
        getter(ref value);
        return value;
    }

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
