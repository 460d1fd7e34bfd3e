using MLNetExt.Classification;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Classification;

[TestClass]
public sealed class TemperatureScalingTests
{
    [TestMethod]
    [DataRow(0.25)]
    [DataRow(1.0)]
    [DataRow(3.7)]
    public void The_temperature_that_made_the_labels_is_recovered(double temperature)
    {
        // Two classes with margin m: of 1000 rows, 1000 σ(m / T) are of class 1 once the targets are smoothed, so T is the exact optimum.
        using var scope = NewDisposeScope();
        const double Others = 1.0 / 4002;
        double[] margins = [.. new[] { 500, 600, 750, 900 }.Select(k => Others + (1 - 2 * Others) * k / 1000).Select(q => temperature * Math.Log(q / (1 - q)))];
        var logits = new List<double>();
        var targets = new List<long>();
        foreach ((double margin, int ofOne) in margins.Zip([500, 600, 750, 900]))
        {
            for (int i = 0; i < 1000; i++)
            {
                logits.AddRange([0, margin]);
                targets.Add(i < ofOne ? 1 : 0);
            }
        }

        double fitted = TemperatureScaling.Fit(tensor(logits.ToArray()).view(-1, 2), tensor(targets.ToArray()));
        Assert.AreEqual(temperature, fitted, 1e-6 * temperature);
    }

    [TestMethod]
    public void A_brute_force_grid_finds_nothing_better()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor logits = randn([300, 5], dtype: ScalarType.Float64, generator: generator) * 4;
        // Labels that agree with the logits only in part.
        Tensor targets = (logits + randn([300, 5], dtype: ScalarType.Float64, generator: generator) * 6).argmax(1);
        // torch spreads its smoothing over all classes, ours goes to the four others.
        double Nll(double t) => nn.functional.cross_entropy(logits / t, targets, label_smoothing: 5 / 4.0 / 302).item<double>();

        double fitted = TemperatureScaling.Fit(logits, targets);
        double best = Enumerable.Range(0, 4000).Select(i => 0.05 * Math.Pow(1000, i / 4000.0)).MinBy(Nll);
        Assert.AreEqual(best, fitted, 0.002 * best);
        Assert.IsLessThanOrEqualTo(Nll(best), Nll(fitted));
        Assert.IsLessThan(Nll(1), Nll(fitted));
    }

    [TestMethod]
    public void Logits_without_information_leave_the_temperature_at_one()
    {
        using var scope = NewDisposeScope();
        Assert.AreEqual(1, TemperatureScaling.Fit(zeros(6, 3), tensor(new long[] { 0, 1, 2, 0, 1, 2 })));
    }

    [TestMethod]
    public void Rows_that_are_all_right_do_not_make_the_model_infinitely_sure()
    {
        using var scope = NewDisposeScope();
        double fitted = TemperatureScaling.Fit(eye(3) * 5, arange(3, dtype: ScalarType.Int64));
        // Three rows: the smoothed targets are 4/5 and 1/10, so exp(5/T) / (exp(5/T) + 2) = 4/5.
        Assert.AreEqual(5 / Math.Log(8), fitted, 1e-6);
    }
}
