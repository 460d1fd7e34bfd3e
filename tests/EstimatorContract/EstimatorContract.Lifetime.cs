using Microsoft.ML;

namespace MLNetExt.Tests.Contract;

public abstract partial class EstimatorContract<TOptions, TRow, TPrediction>
{
    [TestMethod]
    public void No_tensor_is_alive_after_dispose()
    {
        // What is made once in a process, such as another library's constants, is made here.
        FitScoreLoad();
        long before = LiveTensors.OfThisThread;
        FitScoreLoad();
        Assert.AreEqual(before, LiveTensors.OfThisThread, "tensors alive after everything was disposed");
    }

    [TestMethod]
    public void Two_fits_of_one_estimator_are_independent()
    {
        var ml = new MLContext(seed: 1);
        IEstimator<ITransformer> estimator = Create(ml, Options());
        var first = new Fitted(ml, estimator.Fit(Data(ml)));
        Table expected = Outputs(first);
        using var onHalf = new Fitted(ml, estimator.Fit(Data(ml, Rows().Where((_, i) => i % 2 == 0))));
        Table.AreEqual(expected, Outputs(first), 0, "another Fit changed the first model");
        using var again = new Fitted(ml, estimator.Fit(Data(ml)));
        first.Dispose();
        Table.AreEqual(expected, Outputs(again), 0, "a later Fit of the same estimator on the same data");
    }

    [TestMethod]
    public void A_disposed_transformer_refuses_to_score()
    {
        using Fitted fitted = Fit();
        IDataView view = fitted.Transformer.Transform(Data(fitted.Context));
        string column = view.Schema[view.Schema.Count - 1].Name;
        fitted.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => fitted.Transformer.Transform(Data(fitted.Context)), "Transform after Dispose");
        Assert.Throws<Exception>(() => Table.Read(view, column), "reading a view after Dispose");
        fitted.Dispose();
    }

    private void FitScoreLoad()
    {
        using Fitted fitted = Fit();
        Outputs(fitted);
        byte[] file = ModelFile.Write(fitted.Context, fitted.Transformer, Data(fitted.Context).Schema);
        using var loaded = new Fitted(fitted.Context, ModelFile.Read(fitted.Context, file));
        if (!MapsRows)
            return;
        using PredictionEngine<TRow, TPrediction> engine = Engine(loaded);
        engine.Predict(Rows()[0]);
    }
}
