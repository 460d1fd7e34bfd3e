using Microsoft.ML;
using MLNetExt.Tests.ChildProcess;

namespace MLNetExt.Tests.Contract;

public abstract partial class EstimatorContract<TOptions, TRow, TPrediction>
{
    [TestMethod]
    public async Task A_saved_model_scores_the_same_in_another_process()
    {
        using var folder = new TemporaryFolder();
        using Fitted fitted = Fit();
        MLContext ml = fitted.Context;
        IDataView data = Data(ml);
        string model = folder.File("model.zip"), rows = folder.File("rows.idv"), scores = folder.File("scores.idv");
        ml.Model.Save(fitted.Transformer, data.Schema, model);
        using (FileStream stream = File.Create(rows))
            ml.Data.SaveAsBinary(data, stream);

        Child.Outcome child = await Child.RunAsync("score-model", [model, rows, scores]);

        Assert.AreEqual(0, child.ExitCode, child.Error);
        Table expected = Outputs(fitted);
        IDataView actual = ml.Data.LoadFromBinary(scores);
        Table.AreEqual(expected, Table.Read(actual, expected.Columns), 0, "the loaded model scores otherwise");
        DataViewSchema delivered = fitted.Transformer.GetOutputSchema(data.Schema);
        foreach (string column in expected.Columns)
        {
            Assert.AreEqual(delivered[column].Type, actual.Schema[column].Type, $"type of '{column}'");
            CollectionAssert.AreEquivalent(
                delivered[column].Annotations.Schema.Select(a => a.Name).ToArray(),
                actual.Schema[column].Annotations.Schema.Select(a => a.Name).ToArray(), $"annotations of '{column}'");
        }
    }

    [TestMethod]
    public void Two_loads_of_one_model_are_independent()
    {
        using Fitted fitted = Fit();
        Table expected = Outputs(fitted);
        byte[] file = ModelFile.Write(fitted.Context, fitted.Transformer, Data(fitted.Context).Schema);
        var first = new Fitted(fitted.Context, ModelFile.Read(fitted.Context, file));
        using var second = new Fitted(fitted.Context, ModelFile.Read(fitted.Context, file));
        Table.AreEqual(expected, Outputs(first), 0, "the first load");
        first.Dispose();
        Table.AreEqual(expected, Outputs(second), 0, "the second load, after the first was disposed");
    }

    [TestMethod]
    public void A_loaded_model_can_be_saved_again()
    {
        using Fitted fitted = Fit();
        byte[] file = ModelFile.Write(fitted.Context, fitted.Transformer, Data(fitted.Context).Schema);
        using var loaded = new Fitted(fitted.Context, ModelFile.Read(fitted.Context, file));
        Assert.AreEqual(ModelFile.WeightsOf(file, WeightsSuffix), Weights(loaded), "saving a loaded model changes its weights");
    }
}
