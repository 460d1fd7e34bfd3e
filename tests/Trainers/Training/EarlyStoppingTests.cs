using MLNetExt.Training;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class EarlyStoppingTests
{
    [TestMethod]
    [DataRow(false, new[] { 3.0, 1, 2, 1.5, 0 })]
    [DataRow(true, new[] { 1.0, 3, 2, double.NaN, 9 })]
    public void Training_stops_after_the_patience_and_restores_the_best(bool higherIsBetter, double[] script)
    {
        var (result, weights) = Train(new() { Epochs = 5, EarlyStoppingPatience = 2 }, new(higherIsBetter, script));
        Assert.IsTrue(result.StoppedEarly);
        Assert.AreEqual(4, result.Epochs);
        Assert.AreEqual(2, result.Best!.Epoch);
        Assert.AreEqual(8, result.Best.Step);
        Assert.AreEqual(script[1], result.Best.Metrics[0].Value);

        // Training on after the best without restoring gives other weights; 8 steps of the same schedule give these.
        var (_, last) = Train(new() { Epochs = 5, EarlyStoppingPatience = 2, RestoreBestWeights = false }, new(higherIsBetter, script));
        CollectionAssert.AreNotEqual(last, weights);
        CollectionAssert.AreEqual(WeightsAtStep(8), weights);
    }

    [TestMethod]
    public void Without_patience_all_epochs_run_and_the_best_is_restored()
    {
        var (result, weights) = Train(new() { Epochs = 5 }, new(false, 3, 2, 4, 5, 6));
        Assert.IsFalse(result.StoppedEarly);
        Assert.AreEqual(5, result.Epochs);
        CollectionAssert.AreEqual(WeightsAtStep(8), weights);
    }

    [TestMethod]
    public void The_last_epoch_is_validated_whatever_the_interval()
    {
        var validator = new ScriptedValidator(false, 1, 2, 3);
        Train(new() { Epochs = 5, ValidationInterval = 2 }, validator);
        Assert.AreEqual(3, validator.Calls, "after epochs 2, 4 and 5");
    }

    [TestMethod]
    public void Patience_without_validation_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Train(new() { EarlyStoppingPatience = 1 }, null));
        StringAssert.Contains(error.Message, nameof(TrainingOptions.EarlyStoppingPatience));
    }

    private static byte[] WeightsAtStep(int step)
    {
        byte[] weights = [];
        using var network = Networks.WithBatchNorm();
        using var batches = new InMemoryBatches();
        new TrainingLoop(network, new RegressionStep(network)
        {
            OnFinish = finished => weights = finished == step ? Networks.Bytes(network) : weights,
        }, new() { Epochs = 5 }).Run(batches);
        return weights;
    }

    private static (TrainingResult Result, byte[] Weights) Train(TrainingOptions options, ScriptedValidator? validator)
    {
        using var network = Networks.WithBatchNorm();
        using var batches = new InMemoryBatches();
        var result = new TrainingLoop(network, new RegressionStep(network), options) { Validator = validator }.Run(batches);
        return (result, Networks.Bytes(network));
    }
}
