using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>Random logits, targets (a fifth ignored, when there are several rows) and row weights.</summary>
internal sealed record Batch(Tensor Logits, Tensor Targets, Tensor RowWeights)
{
    public static Batch Random(int rows, int classes, ScalarType dtype, int seed)
    {
        var generator = new Generator((ulong)seed);
        var logits = randn(rows, classes, dtype: dtype, generator: generator) * 3;
        var targets = randint(0, classes, rows, dtype: ScalarType.Int64, generator: generator);
        var weights = rand(rows, dtype: dtype, generator: generator) * 2;
        if (rows > 1)
            targets = targets.masked_fill(rand(rows, generator: generator) < 0.2, -100);
        return new(logits, targets, weights);
    }

    public ObjectiveRun Run(IClassificationObjective objective)
    {
        var f = Logits.clone().requires_grad_();
        var sum = objective.Sum(f, Targets, RowWeights);
        sum.Loss.backward();
        return new(ObjectiveRun.Doubles(objective.Losses(f, Targets)), sum.Loss.ToDouble(), sum.Weight, ObjectiveRun.Doubles(f.grad!));
    }

    /// <summary>The gradient of Σ cos(i)·loss[i].</summary>
    public double[] LossesGradient(IClassificationObjective objective)
    {
        var f = Logits.clone().requires_grad_();
        var upstream = arange(Logits.shape[0], dtype: Logits.dtype).cos();
        (objective.Losses(f, Targets) * upstream).sum().backward();
        return ObjectiveRun.Doubles(f.grad!);
    }
}
