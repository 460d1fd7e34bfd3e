using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contract;

/// <summary>What every multiclass trainer owes its users beside <see cref="TrainerContract{TOptions, TRow, TPrediction}"/>.</summary>
/// <remarks>The classes of the rows are those of <see cref="Blobs"/>, and occur in their order.</remarks>
public abstract class ClassifierContract<TOptions, TRow, TPrediction> : TrainerContract<TOptions, TRow, TPrediction>
    where TOptions : class, new()
    where TRow : class, IClassRow, new()
    where TPrediction : class, IPrediction, new()
{
    /// <summary>Makes rows without a label an error.</summary>
    protected abstract void FailOnMissingLabels(TOptions options);

    protected override IEstimator<ITransformer> Before(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label", nameof(IClassRow.Class));

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
    public void Rows_without_a_label_are_skipped_with_a_warning_or_refused_by_row()
    {
        TRow[] rows = Rows();
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
}
