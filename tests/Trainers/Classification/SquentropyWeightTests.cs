using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Classification;

/// <summary>Example weights and class weights.</summary>
[TestClass]
public sealed class SquentropyWeightTests
{
    [TestMethod]
    public void A_weight_of_two_counts_like_the_row_twice()
    {
        LabelledRow[] twice = [.. Blobs.Dense(12), Blobs.Dense(12)[4]];
        LabelledRow[] weighted = Blobs.Dense(12);
        weighted[4].Weight = 2;
        Same(Train(twice, null), Train(weighted, "Weight"));
    }

    [TestMethod]
    public void Rows_that_weigh_nothing_are_left_out()
    {
        LabelledRow[] weighted = Blobs.Dense(30);
        foreach (LabelledRow row in weighted.Where((_, i) => i % 4 == 1))
            row.Weight = 0;
        // A row that weighs nothing may hold anything.
        weighted[1].Set(0, float.NaN);
        var log = new List<string>();
        Same(Train([.. weighted.Where(r => r.Weight > 0)], null), Train(weighted, "Weight", log: log));
        Assert.ContainsSingle(m => m.Contains("8 rows of the training data weigh 0 in column 'Weight'", StringComparison.Ordinal), log);
    }

    [TestMethod]
    public void Class_weights_count_like_the_rows_of_the_class()
    {
        LabelledRow[] rows = Blobs.Dense(12), weighted = Blobs.Dense(12);
        foreach (LabelledRow row in weighted.Where(r => r.Class == "bee"))
            row.Weight = 3;
        Same(Train(weighted, "Weight"), Train(rows, null, o => o.ClassWeights = new() { ["bee"] = 3 }));
    }

    [TestMethod]
    public void Balanced_classes_weigh_the_same_in_total()
    {
        // 8 ants, 2 bees, 2 cats: n / (classes * count) gives 0.5, 2 and 2.
        LabelledRow[] Rows() => [.. Blobs.Dense(24).Where((r, i) => r.Class == "ant" || i < 6)];
        LabelledRow[] weighted = Rows();
        foreach (LabelledRow row in weighted)
            row.Weight = row.Class == "ant" ? 0.5f : 2;
        Same(Train(weighted, "Weight"), Train(Rows(), null, o => o.BalanceClasses = true));
    }

    [TestMethod]
    public void A_class_weight_for_an_unknown_label_names_the_labels()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Train(Blobs.Dense(12), null, o => o.ClassWeights = new() { ["dog"] = 3 }));
        Assert.Contains("'dog'", error.Message);
        Assert.Contains("'ant', 'bee', 'cat'", error.Message);
    }

    [TestMethod]
    public void One_column_cannot_be_two_things()
    {
        var trainers = new MLContext(seed: 1).MulticlassClassification.Trainers;
        foreach ((string label, string features, string weight) in new[] { ("A", "B", "A"), ("A", "A", "B"), ("A", "B", "B") })
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => trainers.Squentropy(label, features, weight));
            Assert.Contains("named twice", error.Message);
        }
    }

    [TestMethod]
    public void Options_changed_after_creation_are_checked_at_fit()
    {
        var ml = new MLContext(seed: 1);
        SquentropyOptions options = ClassifierData.Quick();
        SquentropyClassifier estimator = ml.MulticlassClassification.Trainers.Squentropy(options);
        options.Dropout = 1;
        Assert.Contains("Dropout", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(ClassifierData.View(ml, Blobs.Dense(12)))).Message);
    }

    /// <summary>Trains in one batch without standardising, so that only the loss can tell the runs apart.</summary>
    private static float[][] Train(LabelledRow[] rows, string? weight, Action<SquentropyOptions>? change = null, List<string>? log = null)
    {
        SquentropyOptions options = ClassifierData.Quick(o =>
        {
            (o.ExampleWeightColumnName, o.Standardize, o.BatchSize) = (weight, false, 64);
            (o.Training.Optimizer, o.Training.LearningRate, o.Training.Epochs) = (OptimizerKind.SgdNesterov, 0.1, 10);
        });
        change?.Invoke(options);
        using SquentropyTransformer model = ClassifierData.Fit(options, rows, log);
        return ClassifierData.Scores(model, Blobs.Dense(12));
    }

    private static void Same(float[][] expected, float[][] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            for (int c = 0; c < expected[i].Length; c++)
                Assert.AreEqual(expected[i][c], actual[i][c], 1e-5f, $"row {i}, class {c}");
        }
    }
}
