using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>What the next-token loss gives for one batch, as plain numbers; gradients are of the sum.</summary>
internal sealed record NextTokenRun(
    double Sum, double Weight, long KeptCount, long DroppedCount, double? DroppedLoss, double[] Hidden, double[] Head, double[] LogProbabilities)
{
    public static NextTokenRun Of(NextTokenCrossEntropy objective, NextTokenBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = batch.Hidden.detach().clone().requires_grad_(), head = batch.Head.detach().clone().requires_grad_();
        var sum = objective.Sum(hidden, head, batch.Targets, batch.Weights, withDropped: true);
        sum.Loss.backward();
        return new(
            sum.Loss.ToDouble(), sum.Weight, sum.KeptCount, sum.DroppedCount, sum.DroppedLoss,
            ObjectiveRun.Doubles(hidden.grad!), ObjectiveRun.Doubles(head.grad!),
            ObjectiveRun.Doubles(objective.LogProbabilities(hidden, head, batch.Targets)));
    }

    public void AssertClose(NextTokenRun actual, double tolerance, string what)
    {
        Assert.That.AreClose(Sum, actual.Sum, tolerance, $"{what} sum");
        Assert.That.AreClose(Weight, actual.Weight, 1e-12, $"{what} weight");
        Assert.AreEqual((KeptCount, DroppedCount), (actual.KeptCount, actual.DroppedCount), $"{what} counts");
        Assert.That.AreClose(DroppedLoss!.Value, actual.DroppedLoss!.Value, tolerance, $"{what} dropped loss");
        Assert.That.AreClose(Hidden, actual.Hidden, tolerance, $"{what} hidden gradient");
        Assert.That.AreClose(Head, actual.Head, tolerance, $"{what} head gradient");
        Assert.That.AreClose(LogProbabilities, actual.LogProbabilities, tolerance, $"{what} log-probabilities");
    }
}
