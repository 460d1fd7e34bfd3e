using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contract;

/// <summary>What every multiclass trainer owes its users beside <see cref="TrainerContract{TOptions, TRow, TPrediction}"/>.</summary>
public abstract class MulticlassContract<TOptions> : TrainerContract<TOptions, LabelledRow, MulticlassPrediction>
    where TOptions : class, new()
{
    /// <summary>Makes rows without a label an error.</summary>
    protected abstract void FailOnMissingLabels(TOptions options);

    /// <summary>Feature importance by the overload that takes the trained transformer's own type.</summary>
    protected abstract IReadOnlyList<MulticlassClassificationMetricsStatistics> Importance(MLContext ml, ITransformer transformer, IDataView data);

    protected override LabelledRow[] Rows() => Blobs.Dense(90);

    protected override IEstimator<ITransformer> Before(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label", nameof(LabelledRow.Class));

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
    public void Evaluate_names_the_classes_and_beats_chance()
    {
        using Fitted fitted = Fit();
        MulticlassClassificationMetrics metrics = fitted.Context.MulticlassClassification.Evaluate(fitted.Transformer.Transform(Data(fitted.Context)));
        Assert.IsGreaterThan(0.6, metrics.MicroAccuracy);
        VBuffer<ReadOnlyMemory<char>> names = default;
        fitted.Transformer.GetOutputSchema(Data(fitted.Context).Schema)["Score"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(Blobs.Classes, names.DenseValues().Select(n => n.ToString()).ToArray(), "slot names of Score");
        Assert.Contains("bee", metrics.ConfusionMatrix.GetFormattedConfusionTable(), "class names of the confusion matrix");
    }

    [TestMethod]
    public void CrossValidate_works()
    {
        var ml = new MLContext(seed: 1);
        var results = ml.MulticlassClassification.CrossValidate(Data(ml), Create(ml, Options()), numberOfFolds: 2);
        Assert.HasCount(2, results);
        foreach (var result in results)
        {
            Assert.IsGreaterThan(0.5, result.Metrics.MicroAccuracy, $"fold {result.Fold}");
            (result.Model as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void Folds_in_one_checkpoint_folder_do_not_resume_each_other()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        TOptions options = With(o => (Training(o).CheckpointFolder, Training(o).Resume) = (folder.Path, true));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => ml.MulticlassClassification.CrossValidate(Data(ml), Create(ml, options), numberOfFolds: 2), "the second fold resumed the first");
    }

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

    [TestMethod]
    public void Rows_without_a_label_are_skipped_with_a_warning_or_refused_by_row()
    {
        LabelledRow[] rows = Rows();
        (rows[5].Class, rows[7].Class) = ("", "unheard of");
        var ml = new MLContext(seed: 1);
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);
        new Fitted(ml, Create(ml, Options()).Fit(Data(ml, rows))).Dispose();
        Assert.ContainsSingle(m => m.Contains("2 rows of the training data have no label in column 'Label'", StringComparison.Ordinal), messages, "warning in MLContext.Log");

        TOptions failing = With(FailOnMissingLabels);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(failing, rows));
        Assert.Contains("Row 5", error.Message);
        Assert.Contains("'Label'", error.Message);
    }

    [TestMethod]
    public void Rows_of_one_class_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Fit(rows: Rows().Where(r => r.Class == "bee")));
        Assert.Contains("'Label'", error.Message);
    }

    [TestMethod]
    public void A_key_of_one_class_is_refused()
    {
        var ml = new MLContext(seed: 1);
        IDataView view = ml.Data.LoadFromEnumerable(Rows().Where(r => r.Class == "bee"), RowSchema());
        IDataView data = Before(ml).Fit(view).Transform(view);
        var error = Assert.Throws<ArgumentException>(() => Create(ml, Options()).Fit(data));
        Assert.Contains("'Label' has 1 class", error.Message);
    }

    private MulticlassPrediction[] Predict(Fitted fitted, LabelledRow[] rows) =>
        [.. fitted.Context.Data.CreateEnumerable<MulticlassPrediction>(fitted.Transformer.Transform(Data(fitted.Context, rows)), reuseRowObject: false)];

}
