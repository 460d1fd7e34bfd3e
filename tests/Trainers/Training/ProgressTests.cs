using MLNetExt.Training;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class ProgressTests
{
    [TestMethod]
    public void Every_epoch_ends_with_a_report()
    {
        var recorder = Train(TimeSpan.Zero, new ScriptedValidator(false, 3, 2, 1));
        Assert.HasCount(3, recorder.Reports);
        var last = recorder.Reports[^1];
        Assert.AreEqual((3, 3, 12L, 12L), (last.Epoch, last.Epochs, last.Step, last.Steps));
        Assert.AreEqual("Score", last.Validation[0].Name);
        Assert.AreEqual(1, last.Validation[0].Value);
        Assert.IsTrue(recorder.Reports.All(r => r.Loss > 0 && r.Metrics["absolute"] > 0));
        Assert.IsTrue(recorder.Reports[0].Loss > last.Loss);
    }

    [TestMethod]
    public void The_loss_is_the_mean_per_row_since_the_last_report()
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches();
        double sum = 0;
        foreach (var batch in batches.Read(0))
        {
            sum += (network.call(batch["x"]).squeeze(1) - batch["y"]).pow(2).sum().item<float>();
        }
        var recorder = new Recorder();
        var options = new TrainingOptions { Epochs = 1, LearningRate = 1e-12, Progress = recorder };
        new TrainingLoop(network, new RegressionStep(network), options).Run(batches);
        Assert.AreEqual(sum / 32, recorder.Reports.Single().Loss, 1e-5);
    }

    [TestMethod]
    public void Reports_come_at_most_ten_times_a_second()
    {
        // A step takes 40 ms: a report after 3 steps, and one at each epoch's end.
        var recorder = Train(TimeSpan.FromMilliseconds(40));
        CollectionAssert.AreEqual(new long[] { 3, 4, 7, 8, 11, 12 }, recorder.Reports.Select(r => r.Step).ToArray());
        var first = recorder.Reports[0];
        Assert.AreEqual(0.120, first.Elapsed.TotalSeconds, 1e-6);
        Assert.AreEqual(0.360, first.Remaining!.Value.TotalSeconds, 1e-6);
        Assert.AreEqual(24 / 0.120, first.RowsPerSecond, 1e-6);
        Assert.IsEmpty(first.Validation);
        Assert.AreEqual(TimeSpan.Zero, recorder.Reports[^1].Remaining);
    }

    private static Recorder Train(TimeSpan perStep, ScriptedValidator? validator = null)
    {
        using var network = Networks.Line();
        using var batches = new InMemoryBatches();
        var clock = new ManualClock();
        var recorder = new Recorder();
        var step = new RegressionStep(network) { OnFinish = _ => clock.Now += perStep };
        var options = new TrainingOptions { Epochs = 3, LearningRate = 0.05, Progress = recorder };
        new TrainingLoop(network, step, options) { Clock = clock, Validator = validator }.Run(batches);
        return recorder;
    }

    private sealed class ManualClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
