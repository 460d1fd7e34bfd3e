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
    [DataRow(false)]
    [DataRow(true)]
    public void A_metric_has_a_weight_of_its_own_and_is_not_reported_without_any(bool readsLate)
    {
        using var meter = new LossMeter(readsLate);
        Add(meter, 1, 6, 2, metric: 4, metricWeight: 1);
        Add(meter, 2, 0, 0, metric: 2, metricWeight: 3);
        Assert.AreEqual(1.5, meter.Take().Metrics["m"]);
        Add(meter, 3, 1, 1, metric: 0, metricWeight: 0);
        Assert.IsEmpty(meter.Take().Metrics);
        Add(meter, 4, 3, 1, metric: 6, metricWeight: 4);
        Assert.AreEqual(1.5, meter.Take().Metrics["m"]);
    }

    [TestMethod]
    public void An_epochs_means_are_over_all_of_its_reports()
    {
        using var meter = new LossMeter(readsLate: false);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            Add(meter, 1, 6, 2, metric: 4, metricWeight: 1);
            meter.Take();
            Add(meter, 2, 0, 1, metric: 1, metricWeight: 4);
            meter.Take();
            var (loss, metrics) = meter.TakeEpoch();
            Assert.AreEqual((2, 1), (loss, metrics["m"]));
        }
        Assert.AreEqual(double.NaN, meter.TakeEpoch().Loss);
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

    private static void Add(LossMeter meter, long step, double loss, double weight, double metric, double? metricWeight = null)
    {
        using var scope = NewDisposeScope();
        meter.Add(new StepLoss(tensor(loss), weight, new Dictionary<string, StepMetric> { ["m"] = new(tensor(metric), metricWeight ?? weight) }), step, 1, 0.1);
    }
}
