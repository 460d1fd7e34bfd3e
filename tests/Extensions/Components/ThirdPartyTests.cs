using Contoso.Components;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Components;

/// <summary>What ML.NET offers its own components works on a third party's.</summary>
[TestClass]
public sealed class ThirdPartyTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Standardize_gives_mean_0_and_deviation_1()
    {
        IDataView data = Flower.Data(_ml);
        using StandardizingTransformer transformer = _ml.Transforms.Standardize("Scaled", "Features").Fit(data);

        float[][] scaled = [.. transformer.Transform(data).GetColumn<float[]>("Scaled")];

        for (int slot = 0; slot < 4; slot++)
        {
            Assert.AreEqual(0, scaled.Average(row => row[slot]), 1e-4);
            Assert.AreEqual(1, scaled.Average(row => row[slot] * row[slot]), 1e-3);
        }
    }

    [TestMethod]
    public void A_task_has_a_catalog_of_its_own_with_the_contexts_environment()
    {
        Assert.AreSame(_ml, _ml.Anomalies.GetEnvironment());
        Assert.ThrowsExactly<ArgumentNullException>(() => new AnomalyCatalog(null!));
        IDataView data = Flower.Data(_ml);
        using StandardizingTransformer expected = _ml.Transforms.Standardize("Scaled", "Features").Fit(data);
        using StandardizingTransformer deviations = _ml.Anomalies.Deviations("Scaled", "Features").Fit(data);
        float[][] rows = [.. deviations.Transform(data).GetColumn<float[]>("Scaled")], expectedRows = [.. expected.Transform(data).GetColumn<float[]>("Scaled")];
        for (int row = 0; row < rows.Length; row++)
            CollectionAssert.AreEqual(expectedRows[row], rows[row]);
    }

    [TestMethod]
    public void Promised_schema_is_the_delivered_schema()
    {
        IDataView data = Flower.Data(_ml);
        EstimatorChain<NearestCentroidTransformer> pipeline = Pipeline();
        using TransformerChain<NearestCentroidTransformer> model = pipeline.Fit(data);

        SchemaShape promised = pipeline.GetOutputSchema(MLNetExt.Components.SchemaShapes.Of(data.Schema));
        SchemaShape delivered = MLNetExt.Components.SchemaShapes.Of(model.Transform(data).Schema);

        CollectionAssert.AreEquivalent(Describe(delivered), Describe(promised));
    }

    [TestMethod]
    public void Evaluate_names_the_classes_in_the_confusion_matrix()
    {
        IDataView data = Flower.Data(_ml);
        using TransformerChain<NearestCentroidTransformer> model = Pipeline().Fit(data);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(data));

        Assert.AreEqual(1, metrics.MacroAccuracy, 1e-9);
        StringAssert.Contains(metrics.ConfusionMatrix.GetFormattedConfusionTable(), "c");
        Assert.IsLessThan(0.5, metrics.LogLoss);
    }

    [TestMethod]
    public void Cross_validation_trains_and_evaluates_each_fold()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(Flower.Data(_ml), Pipeline(), numberOfFolds: 3);

        Assert.HasCount(3, folds);
        Assert.IsTrue(folds.All(fold => fold.Metrics.MicroAccuracy > 0.95));
    }

    [TestMethod]
    public void Permutation_feature_importance_finds_the_features_that_matter()
    {
        IDataView data = Flower.Data(_ml);
        using TransformerChain<NearestCentroidTransformer> model = Pipeline().Fit(data);
        IDataView scaled = model.First().Transform(data);

        var bySlot = _ml.MulticlassClassification.PermutationFeatureImportance(model.LastTransformer, scaled);
        var byName = _ml.MulticlassClassification.PermutationFeatureImportance(model, scaled);

        Assert.HasCount(4, bySlot);
        Assert.IsLessThan(-0.1, bySlot[1].MicroAccuracy.Mean);
        Assert.IsGreaterThan(-0.05, bySlot[2].MicroAccuracy.Mean);
        CollectionAssert.AreEquivalent((string[])["Length", "Width", "Noise", "Height"], byName.Keys.ToArray());
    }

    [TestMethod]
    public void Single_rows_score_as_whole_views_do()
    {
        IDataView data = Flower.Data(_ml);
        TransformerChain<NearestCentroidTransformer> model = Pipeline().Fit(data);
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")];
        Row[] rows = [.. _ml.Data.CreateEnumerable<Row>(data, reuseRowObject: false)];

        using var engine = _ml.Model.CreatePredictionEngine<Row, Scored>(model);

        for (int i = 0; i < rows.Length; i++)
        {
            float[] score = engine.Predict(rows[i]).Score;
            for (int k = 0; k < 3; k++)
                Assert.AreEqual(expected[i][k], score[k], 1e-6);
        }
    }

    [TestMethod]
    public void Wrong_column_is_refused_before_training()
    {
        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Trainers.NearestCentroid(featureColumnName: "Species")
                .GetOutputSchema(MLNetExt.Components.SchemaShapes.Of(Flower.Data(_ml).Schema)));

        StringAssert.Contains(e.Message, "'Species' must be a vector of Single of known length");
    }

    private EstimatorChain<NearestCentroidTransformer> Pipeline() => _ml.Transforms.Standardize("Scaled", "Features")
        .Append(_ml.MulticlassClassification.Trainers.NearestCentroid(featureColumnName: "Scaled"));

    private static string[] Describe(SchemaShape shape) =>
        [.. shape.Select(c => $"{c.Name} {c.Kind} {c.ItemType} {c.IsKey} [{string.Join(", ", c.Annotations.Select(a => $"{a.Name} {a.Kind} {a.ItemType} {a.IsKey}").Order())}]")];

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
