using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>What an objective gives for one batch, as plain numbers.</summary>
internal sealed record ObjectiveRun(double[] Losses, double Sum, double Weight, double[] SumGradient)
{
    public static ObjectiveRun Of(
        IClassificationObjective objective, double[,] logits, long[] targets, double[]? rowWeights = null, ScalarType dtype = ScalarType.Float64)
    {
        using var scope = NewDisposeScope();
        var f = tensor(logits, dtype: dtype).requires_grad_();
        var y = tensor(targets);
        var losses = objective.Losses(f, y);
        var sum = objective.Sum(f, y, rowWeights is null ? null : tensor(rowWeights, dtype: dtype));
        sum.Loss.backward();
        return new(Doubles(losses), sum.Loss.ToDouble(), sum.Weight, Doubles(f.grad!));
    }

    public static double[] Doubles(Tensor values) => values.numel() == 0 ? [] : values.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
