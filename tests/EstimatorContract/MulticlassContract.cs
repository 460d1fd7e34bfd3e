using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contract;

/// <summary>What every multiclass trainer on a vector of features owes its users beside <see cref="ClassifierContract{TOptions, TRow, TPrediction}"/>.</summary>
public abstract class MulticlassContract<TOptions> : ClassifierContract<TOptions, LabelledRow, MulticlassPrediction>
    where TOptions : class, new()
{
    /// <summary>Feature importance by the overload that takes the trained transformer's own type.</summary>
    protected abstract IReadOnlyList<MulticlassClassificationMetricsStatistics> Importance(MLContext ml, ITransformer transformer, IDataView data);

    protected override LabelledRow[] Rows() => Blobs.Dense(90);

    /// <summary>Features of this width, with slot names.</summary>
    protected virtual int Width => LabelledRow.Width;

    protected override SchemaDefinition RowSchema()
    {
        SchemaDefinition schema = base.RowSchema();
        var names = new VBuffer<ReadOnlyMemory<char>>(Width, [.. Enumerable.Range(0, Width).Select(i => $"f{i}".AsMemory())]);
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Width);
        schema["Features"].AddAnnotation("SlotNames", names, new VectorDataViewType(TextDataViewType.Instance, Width));
        return schema;
    }

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string>
    {
        ["Label"] = "a key",
        ["Features"] = "a vector of Single of known length",
    };

    protected override IEnumerable<BadRow<LabelledRow>> BadRows =>
    [
        new("NaN in the features", "Features", r => r.Set(2, float.NaN)),
        new("infinity in the features", "Features", r => r.Set(2, float.PositiveInfinity)),
        new("minus infinity in sparse features", "Features", r =>
        {
            r.Set(2, float.NegativeInfinity);
            r.Features = r.AsSparse().Features;
        }),
    ];

    [TestMethod]
    public void Permutation_feature_importance_works_with_both_overloads()
    {
        using Fitted fitted = Fit();
        MLContext ml = fitted.Context;
        IDataView data = Data(ml);
        var typed = Importance(ml, fitted.Transformer, data);
        Assert.HasCount(Width, typed);
        Assert.IsTrue(typed.Any(m => m.MicroAccuracy.Mean != 0 || m.LogLoss.Mean != 0), "no feature matters");

        var byName = ml.MulticlassClassification.PermutationFeatureImportance(fitted.Transformer, data, permutationCount: 1);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, Width).Select(i => $"f{i}").ToArray(), byName.Keys.ToArray());
    }

    [TestMethod]
    public void Sparse_and_dense_rows_score_the_same()
    {
        using Fitted fitted = Fit();
        Table dense = Outputs(fitted.Transformer, Data(fitted.Context, Rows().Select(r => r.AsDense())));
        Table sparse = Outputs(fitted.Transformer, Data(fitted.Context, Rows().Select(r => r.AsSparse())));
        Table.AreEqual(dense, sparse, 1e-6, "sparse rows score otherwise than dense ones");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void A_row_that_is_not_finite_scores_NaN_and_alone(float value)
    {
        using Fitted fitted = Fit();
        LabelledRow[] rows = Rows();
        rows[4].Set(1, value);
        MulticlassPrediction[] expected = Predict(fitted, Rows()), actual = Predict(fitted, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            if (i == 4)
            {
                Assert.AreEqual(0u, actual[i].PredictedLabel, "PredictedLabel must be missing");
                Assert.IsTrue(actual[i].Score.All(float.IsNaN), $"scores are {string.Join(", ", actual[i].Score)}");
            }
            else
            {
                CollectionAssert.AreEqual(expected[i].Score, actual[i].Score, $"row {i} beside a bad one");
            }
        }

        using PredictionEngine<LabelledRow, MulticlassPrediction> engine = Engine(fitted);
        Assert.AreEqual(0u, engine.Predict(rows[4]).PredictedLabel, "of a prediction engine");
    }

    private MulticlassPrediction[] Predict(Fitted fitted, LabelledRow[] rows) =>
        [.. fitted.Context.Data.CreateEnumerable<MulticlassPrediction>(fitted.Transformer.Transform(Data(fitted.Context, rows)), reuseRowObject: false)];
}
