using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>What a contrastive objective gives for one batch, as plain numbers; gradients are of the sum.</summary>
internal sealed record ContrastiveRun(double Sum, double Weight, double[] Left, double[] Right, double LogScale, double Bias)
{
    public static ContrastiveRun Of(IContrastiveObjective objective, PairBatch batch, bool isRaw = false)
    {
        using var scope = NewDisposeScope();
        Tensor Leaf(Tensor value) => value.detach().clone().requires_grad_();
        Tensor left = Leaf(batch.Left), right = Leaf(batch.Right), logScale = Leaf(batch.LogScale), bias = Leaf(batch.Bias);
        var sum = objective.Sum(isRaw ? UnitLength.Of(left) : left, isRaw ? UnitLength.Of(right) : right, logScale, bias, batch.Labels);
        sum.Loss.backward();
        return new(
            sum.Loss.ToDouble(), sum.Weight, ObjectiveRun.Doubles(left.grad!), ObjectiveRun.Doubles(right.grad!),
            logScale.grad!.ToDouble(), bias.grad?.ToDouble() ?? 0);
    }

    public void AssertClose(ContrastiveRun actual, double tolerance, string what)
    {
        Assert.That.AreClose(Sum, actual.Sum, tolerance, $"{what} sum");
        Assert.AreEqual(Weight, actual.Weight, $"{what} weight");
        Assert.That.AreClose(Left, actual.Left, tolerance, $"{what} left gradient");
        Assert.That.AreClose(Right, actual.Right, tolerance, $"{what} right gradient");
        Assert.That.AreClose(LogScale, actual.LogScale, tolerance, $"{what} t' gradient");
        Assert.That.AreClose(Bias, actual.Bias, tolerance, $"{what} b gradient");
    }
}
