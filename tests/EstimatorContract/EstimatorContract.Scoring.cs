using Microsoft.ML;

namespace MLNetExt.Tests.Contract;

public abstract partial class EstimatorContract<TOptions, TRow, TPrediction>
{
    [TestMethod]
    public void A_prediction_engine_agrees_with_transform()
    {
        using Fitted fitted = Fit();
        Assert.AreEqual(MapsRows, fitted.Transformer.IsRowToRowMapper);
        if (!MapsRows)
        {
            Assert.Throws<Exception>(() => Engine(fitted), "a prediction engine for a transformer that maps no rows");
            return;
        }
        TPrediction[] expected = [.. fitted.Context.Data.CreateEnumerable<TPrediction>(fitted.Transformer.Transform(Data(fitted.Context)), reuseRowObject: false)];
        using PredictionEngine<TRow, TPrediction> engine = Engine(fitted);
        TRow[] rows = Rows();
        Assert.HasCount(rows.Length, expected);
        for (int i = 0; i < rows.Length; i++)
        {
            double[] whole = expected[i].Numbers(), single = engine.Predict(rows[i]).Numbers();
            Assert.HasCount(whole.Length, single, $"row {i}");
            for (int j = 0; j < whole.Length; j++)
                Assert.AreEqual(whole[j], single[j], 1e-6 * Math.Max(1, Math.Abs(whole[j])), $"row {i}, number {j}");
        }
    }

    [TestMethod]
    public void The_size_of_blocks_does_not_matter()
    {
        Table? first = null;
        foreach (int size in new[] { 256, 7, 1 })
        {
            TOptions options = Options();
            SetBlockSize(options, size);
            using Fitted fitted = Fit(options);
            Table table = Outputs(fitted);
            Table.AreEqual(first ??= table, table, 1e-6, $"blocks of {size} rows against blocks of 256");
        }
    }

    [TestMethod]
    public void Two_threads_can_score()
    {
        using Fitted fitted = Fit();
        Table expected = Outputs(fitted);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
            Table.AreEqual(expected, Outputs(fitted), 0, $"pass {i} beside another"));
    }

    [TestMethod]
    public void Predictions_leave_memory_flat() => PredictAndWatchMemory(PredictionsForMemory);

    [TestMethod]
    [TestCategory("Speed")]
    public void A_hundred_thousand_predictions_leave_memory_flat() => PredictAndWatchMemory(100_000);

    /// <summary>An engine that leaves the transformer to its owner.</summary>
    protected PredictionEngine<TRow, TPrediction> Engine(Fitted fitted) =>
        fitted.Context.Model.CreatePredictionEngine<TRow, TPrediction>(
            fitted.Transformer, new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = RowSchema() });

    private void PredictAndWatchMemory(int predictions)
    {
        using Fitted fitted = Fit();
        using PredictionEngine<TRow, TPrediction>? engine = MapsRows ? Engine(fitted) : null;
        TRow[] rows = Rows();
        IDataView data = Data(fitted.Context);
        var prediction = new TPrediction();
        void Predict(int count)
        {
            if (engine is null)
            {
                for (int read = 0; read < count; read += rows.Length)
                    Outputs(fitted.Transformer, data);
            }
            for (int i = 0; engine is not null && i < count; i++)
                engine.Predict(rows[i % rows.Length], ref prediction);
        }

        Predict(Math.Max(2000, predictions / 10));
        long tensors = LiveTensors.OfThisThread, memory = ProcessMemory.WorkingSet();
        Predict(predictions);
        Assert.AreEqual(tensors, LiveTensors.OfThisThread, "tensors that predictions left alive");
        Assert.IsLessThan(memory + ProcessMemory.Tolerated, ProcessMemory.WorkingSet(), $"bytes in memory after {predictions} predictions");
    }
}
