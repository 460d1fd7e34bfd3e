using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class LossMeterTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_means_are_per_weight_and_begin_again_after_each_report(bool readsLate)
    {
        using var meter = new LossMeter(readsLate);
        Add(meter, 1, 6, 2, metric: 4);
        Add(meter, 2, 2, 2, metric: 0);
        var (loss, metrics) = meter.Take();
        Assert.AreEqual(2, loss);
        Assert.AreEqual(1, metrics["m"]);
        Add(meter, 3, 5, 1, metric: 1);
        Assert.AreEqual(5, meter.Take().Loss);
        Assert.AreEqual(double.NaN, meter.Take().Loss);
    }

    [TestMethod]
    public void A_metric_is_the_mean_of_the_batches_that_have_it()
    {
        using var scope = NewDisposeScope();
        using var meter = new LossMeter(readsLate: false);
        Add(meter, 1, 6, 2, metric: 8);
        meter.Add(new StepLoss(tensor(1.0), 6), 2, 1, 0.1);
        Assert.AreEqual(4, meter.Take().Metrics["m"]);
    }

    [TestMethod]
    public void A_late_read_names_the_step_that_was_not_finite()
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var meter = new LossMeter(readsLate: true))
        {
            Add(meter, 1, 1, 1, metric: 0);
            Add(meter, 2, double.PositiveInfinity, 1, metric: 0);
            Add(meter, 3, double.NaN, 1, metric: 0);
            Assert.AreEqual(2, Assert.ThrowsExactly<NonFiniteLossException>(meter.Read).Step);
        }
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void An_impossible_weight_is_refused(double weight)
    {
        using var meter = new LossMeter(readsLate: false);
        Assert.ThrowsExactly<InvalidOperationException>(() => Add(meter, 1, 1, weight, metric: 0));
    }

    private static void Add(LossMeter meter, long step, double loss, double weight, double metric)
    {
        using var scope = NewDisposeScope();
        meter.Add(new StepLoss(tensor(loss), weight, new Dictionary<string, Tensor> { ["m"] = tensor(metric) }), step, 1, 0.1);
    }
}
