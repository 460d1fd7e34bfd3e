using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.Components;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Classification;

/// <summary>What the classifier makes of labels, features and sizes of data.</summary>
[TestClass]
public sealed class SquentropyDataTests
{
    [TestMethod]
    public void Labels_that_are_numbers_or_bools_keep_their_values_and_names()
    {
        Keeps(new[] { 0.5f, -2f, 1e-7f }, ["0.5", "-2", "1E-07"]);
        Keeps(new[] { 7, -1, 30 }, ["7", "-1", "30"]);
        Keeps(new[] { 1L << 40, 0L, 3L }, ["1099511627776", "0", "3"]);
        Keeps(new[] { 0.1, 0.2, double.MaxValue }, ["0.1", "0.2", "1.7976931348623157E+308"]);
        Keeps(new[] { true, false }, ["True", "False"]);
    }

    [TestMethod]
    public void A_label_of_dates_trains_without_names()
    {
        using SquentropyTransformer model = FitOn([new DateTime(2020, 1, 1), new DateTime(2021, 1, 1)], out IDataView data);
        DataViewSchema schema = model.GetOutputSchema(data.Schema);
        Assert.IsNull(model.Model.Labels);
        Assert.IsNull(schema["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
        SchemaShape promised = new MLContext(seed: 1).MulticlassClassification.Trainers.Squentropy().GetOutputSchema(SchemaShapes.Of(data.Schema));
        Assert.IsNull(promised.Find("PredictedLabel")!.Value.Annotations.Find("KeyValues"), "promised names that are not delivered");
    }

    [TestMethod]
    public void A_key_without_values_trains_and_evaluates()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Blobs.Dense(60).Select((r, i) => new KeyRow { Label = (uint)(i % 3), Features = [.. r.Features.DenseValues()] }));
        using SquentropyTransformer model = ml.MulticlassClassification.Trainers.Squentropy(ClassifierData.Quick()).Fit(data);
        Assert.IsNull(model.Model.Labels);
        Assert.IsGreaterThan(0.6, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [TestMethod]
    public void A_key_of_billions_of_values_is_refused_before_memory_is_asked_for()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Transforms.Conversion.Hash("Label", "Class", numberOfBits: 31).Fit(ClassifierData.View(ml, Blobs.Dense(9))).Transform(ClassifierData.View(ml, Blobs.Dense(9)));
        var error = Assert.ThrowsExactly<ArgumentException>(() => ml.MulticlassClassification.Trainers.Squentropy(ClassifierData.Quick()).Fit(data));
        Assert.Contains("'Label' has a key type of 2147483648 values", error.Message);
        Assert.Contains("MapValueToKey", error.Message);
    }

    [TestMethod]
    public void Constant_features_change_nothing()
    {
        LabelledRow[] Constant(float value) => [.. Blobs.Dense(60).Select(r =>
        {
            r.Set(1, value);
            return r;
        })];
        float[][] Train(float value)
        {
            using SquentropyTransformer model = ClassifierData.Fit(ClassifierData.Quick(), Constant(value));
            return ClassifierData.Scores(model, Constant(value));
        }

        float[][] zero = Train(0), large = Train(12345.678f);
        for (int i = 0; i < zero.Length; i++)
            CollectionAssert.AreEqual(zero[i], large[i], $"row {i}");
    }

    [TestMethod]
    public void Sparse_rows_train_as_dense_rows_do()
    {
        LabelledRow[] rows = Blobs.Sparse(60, LabelledRow.Width, entries: 3);
        using SquentropyTransformer dense = ClassifierData.Fit(ClassifierData.Quick(), rows.Select(r => r.AsDense()));
        using SquentropyTransformer sparse = ClassifierData.Fit(ClassifierData.Quick(), rows.Select(r => r.AsSparse()));
        float[][] expected = ClassifierData.Scores(dense, rows), actual = ClassifierData.Scores(sparse, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int c = 0; c < 3; c++)
                Assert.AreEqual(expected[i][c], actual[i][c], 1e-5f, $"row {i}, class {c}");
        }
    }

    [TestMethod]
    public void Data_smaller_than_a_batch_train()
    {
        LabelledRow[] rows = Blobs.Dense(9);
        SquentropyOptions options = ClassifierData.Quick(o => (o.BatchSize, o.Training.Epochs) = (512, 30));
        using SquentropyTransformer model = ClassifierData.Fit(options, rows);
        Assert.HasCount(9, ClassifierData.Scores(model, rows));
    }

    [TestMethod]
    public void A_last_batch_of_one_row_trains_with_batch_normalisation()
    {
        SquentropyOptions options = ClassifierData.Quick(o => (o.HiddenSizes, o.BatchNormalization, o.BatchSize) = ([8], true, 16));
        LabelledRow[] rows = Blobs.Dense(33);
        using SquentropyTransformer model = ClassifierData.Fit(options, rows);
        Assert.IsTrue(ClassifierData.Scores(model, rows).SelectMany(s => s).All(float.IsFinite));
    }

    [TestMethod]
    public void Breast_cancer_does_not_diverge_with_default_options()
    {
        var ml = new MLContext(seed: 1);
        var (train, test) = ClassifierData.File(ml, "breast_cancer.csv", labelIsText: false);
        for (int seed = 1; seed <= 3; seed++)
        {
            using SquentropyTransformer model = ml.MulticlassClassification.Trainers.Squentropy(new SquentropyOptions { Seed = seed }).Fit(train);
            Assert.IsGreaterThanOrEqualTo(0.93, ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy, $"seed {seed}");
        }
    }

    [TestMethod]
    public void Three_epochs_learn_letters()
    {
        var ml = new MLContext(seed: 1);
        var (train, test) = ClassifierData.File(ml, "letter.csv", labelIsText: true);
        var options = new SquentropyOptions { Seed = 1, Training = new() { Epochs = 3, LearningRate = 3e-3 } };
        using SquentropyTransformer model = ml.MulticlassClassification.Trainers.Squentropy(options).Fit(train);
        Assert.IsGreaterThanOrEqualTo(0.93, ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy);
    }

    private static void Keeps<T>(T[] values, string[] texts)
    {
        using SquentropyTransformer model = FitOn(values, out IDataView data);
        CollectionAssert.AreEqual(texts, model.Model.Labels!.Texts.ToArray());
        DataViewSchema schema = model.Transform(data).Schema;
        VBuffer<T> keys = default;
        schema["PredictedLabel"].GetKeyValues(ref keys);
        CollectionAssert.AreEqual(values, keys.DenseValues().ToArray());
        schema["Score"].Annotations.GetValue("TrainingLabelValues", ref keys);
        CollectionAssert.AreEqual(values, keys.DenseValues().ToArray());
        VBuffer<ReadOnlyMemory<char>> slots = default;
        schema["Score"].GetSlotNames(ref slots);
        CollectionAssert.AreEqual(texts, slots.DenseValues().Select(s => s.ToString()).ToArray());
    }

    private static SquentropyTransformer FitOn<T>(T[] values, out IDataView data)
    {
        var ml = new MLContext(seed: 1);
        IDataView raw = ml.Data.LoadFromEnumerable(Blobs.Dense(12).Select((r, i) => new ValueRow<T> { Value = values[i % values.Length], Features = [.. r.Features.DenseValues()] }));
        data = ml.Transforms.Conversion.MapValueToKey("Label", "Value").Fit(raw).Transform(raw);
        return ml.MulticlassClassification.Trainers.Squentropy(ClassifierData.Quick(o => o.Training.Epochs = 1)).Fit(data);
    }

    private sealed class KeyRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(LabelledRow.Width)]
        public float[] Features { get; set; } = [];
    }

    private sealed class ValueRow<T>
    {
        public T Value { get; set; } = default!;

        [VectorType(LabelledRow.Width)]
        public float[] Features { get; set; } = [];
    }
}
