using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>What a preference objective gives for one batch, as plain numbers; gradients are of the sum.</summary>
internal sealed record CompletionRun(
    double Sum, double Weight, double[] Losses, Dictionary<string, (double Sum, double Weight)> Metrics, double[] Hidden, double[] Head)
{
    public static CompletionRun Of(CompletionLoss loss, Tensor hidden, Tensor head, CompletionBatch batch, double[]? draws = null)
    {
        using var scope = NewDisposeScope();
        Tensor h = hidden.detach().clone().requires_grad_(), w = head.detach().clone().requires_grad_();
        var sum = loss.SumOfDraws(h, w, batch, draws is null ? null : count => Checked(draws, count));
        sum.Loss.backward();
        return new(
            sum.Loss.ToDouble(), sum.Weight, ObjectiveRun.Doubles(sum.Losses), sum.Metrics.ToDictionary(m => m.Key, m => (m.Value.Sum.ToDouble(), m.Value.Weight)),
            ObjectiveRun.Doubles(h.grad!), ObjectiveRun.Doubles(w.grad!));
    }

    /// <summary>A metric as it is logged: a mean.</summary>
    public double Metric(string name) => Metrics[name].Sum / Metrics[name].Weight;

    public void AssertClose(CompletionRun actual, double tolerance, string what)
    {
        Assert.That.AreClose(Sum, actual.Sum, tolerance, $"{what} sum");
        Assert.AreEqual(Weight, actual.Weight, $"{what} weight");
        Assert.That.AreClose(Losses, actual.Losses, tolerance, $"{what} losses");
        Assert.That.AreClose(Hidden, actual.Hidden, tolerance * Scale(Hidden), $"{what} hidden gradient");
        Assert.That.AreClose(Head, actual.Head, tolerance * Scale(Head), $"{what} head gradient");
    }

    /// <summary>A gradient's elements are sums of terms as large as its largest ones, and so are their rounding errors.</summary>
    private static double Scale(double[] gradient) => Math.Max(1, gradient.Max(Math.Abs));

    private static double[] Checked(double[] draws, int count)
    {
        Assert.HasCount(count, draws, "one draw for each token of undesired completions");
        return draws;
    }
}
