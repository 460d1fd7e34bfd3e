using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using TorchSharp;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class BlockRowMapperTests
{
    private readonly FakeScorer _scorer = new(Example.Data(0).Schema);

    [TestMethod]
    public void Prediction_engine_gives_what_the_view_gives()
    {
        using PredictionEngine<Example, Prediction> engine = Engine();
        for (int row = 0; row < 50; row++)
        {
            Example example = Example.At(row);
            Prediction prediction = engine.Predict(example);
            Assert.AreEqual(FakeScorer.Sum(example), prediction.Sum);
            CollectionAssert.AreEqual(FakeScorer.Score(example), prediction.Score);
            Assert.AreEqual(FakeScorer.Text(example), prediction.Text);
            Assert.AreEqual(example.Number, prediction.Number);
        }
    }

    [TestMethod]
    public void Several_outputs_cost_one_forward_pass()
    {
        using PredictionEngine<Example, Prediction> engine = Engine();
        for (int row = 0; row < 10; row++)
            Assert.AreEqual(row, engine.Predict(Example.At(row)).Number);
        CollectionAssert.AreEqual(Enumerable.Repeat(1, 10).ToArray(), _scorer.BlockSizes);
    }

    [TestMethod]
    public void An_example_changed_in_place_is_scored_again()
    {
        using PredictionEngine<Example, Prediction> engine = Engine();
        Example example = Example.At(3);
        float before = engine.Predict(example).Sum;
        example.Features[0] += 10;
        Assert.AreEqual(before + 10, engine.Predict(example).Sum);
    }

    [TestMethod]
    public void A_failed_row_leaves_no_values_behind()
    {
        using PredictionEngine<Example, Prediction> engine = Engine();
        float expected = engine.Predict(Example.At(1)).Sum;
        Example broken = Example.At(2);
        broken.Features = [1, 2];
        Assert.Throws<Exception>(() => engine.Predict(broken));
        Assert.AreEqual(expected, engine.Predict(Example.At(1)).Sum);
    }

    [TestMethod]
    public void A_thousand_predictions_leave_no_tensor()
    {
        PredictionEngine<Example, Prediction> engine = Engine();
        _ = engine.Predict(Example.At(0));
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount, total = LiveTensors.Count();
        for (int row = 0; row < 1000; row++)
            Assert.AreEqual(row, engine.Predict(Example.At(row)).Number);
        Assert.AreEqual(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.AreEqual(total, LiveTensors.Count());
        engine.Dispose();
        Assert.AreEqual(total, LiveTensors.Count());
    }

    [TestMethod]
    public void Dependencies_are_the_inputs_only_when_something_is_scored()
    {
        var mapper = new BlockRowMapper(_scorer);
        DataViewSchema schema = mapper.OutputSchema;
        CollectionAssert.AreEqual(new[] { "Number" }, Names(mapper.GetDependencies([schema["Number"]])));
        CollectionAssert.AreEquivalent(new[] { "Features", "Words", "Text" }, Names(mapper.GetDependencies([schema["Sum"]])));
        CollectionAssert.AreEquivalent(
            new[] { "Features", "Words", "Text", "Number" }, Names(mapper.GetDependencies([schema["Sum"], schema["Features"], schema["Number"]])));
    }

    [TestMethod]
    public void Rows_of_a_cursor_are_scored_as_it_moves()
    {
        IDataView data = Example.Data(20);
        var mapper = new BlockRowMapper(new FakeScorer(data.Schema));
        DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, [mapper.OutputSchema["Sum"], mapper.OutputSchema["Number"]]);
        var sum = row.GetGetter<float>(mapper.OutputSchema["Sum"]);
        float value = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => row.GetGetter<bool>(mapper.OutputSchema["Flag"]));
        Assert.Throws<Exception>(() => sum(ref value));
        while (cursor.MoveNext())
        {
            sum(ref value);
            Assert.AreEqual(FakeScorer.Sum(Example.At((int)row.Position)), value);
        }
    }

    [TestMethod]
    public void Row_of_another_schema_is_refused()
    {
        IDataView other = Example.Data(1);
        using DataViewRowCursor cursor = other.GetRowCursor([]);
        Assert.ThrowsExactly<ArgumentException>(() => new BlockRowMapper(_scorer).GetRow(cursor, []));
    }

    private PredictionEngine<Example, Prediction> Engine() =>
        new MLContext().Model.CreatePredictionEngine<Example, Prediction>(new FakeTransformer(_scorer));

    private static string[] Names(IEnumerable<DataViewSchema.Column> columns) => [.. columns.Select(column => column.Name)];

    private sealed class Prediction
    {
        public float Sum { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];

        public string Text { get; set; } = "";

        public double Number { get; set; }
    }

    /// <summary>Scores with the given scorer's kind, bound to whatever schema comes, and counts in the given one.</summary>
    private sealed class FakeTransformer(FakeScorer counter) : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new BlockRowMapper(Bind(inputSchema));

        public IDataView Transform(IDataView input) => new BlockScoringView(input, Bind(input.Schema));

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

        private FakeScorer Bind(DataViewSchema schema) => new(schema, counter);
    }
}
