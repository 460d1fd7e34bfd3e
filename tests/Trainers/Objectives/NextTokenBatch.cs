using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>Hidden states, a head, targets of which some are ignored, and weights of which some are 0.</summary>
internal sealed record NextTokenBatch(Tensor Hidden, Tensor Head, Tensor Targets, Tensor? Weights)
{
    public static NextTokenBatch Random(int rows, int dimensions, int vocabulary, ScalarType dtype = ScalarType.Float64, int seed = 1)
    {
        var generator = new Generator((ulong)seed);
        var targets = randint(0, vocabulary, rows, dtype: ScalarType.Int64, generator: generator);
        return new(
            randn(rows, dimensions, dtype: dtype, generator: generator),
            randn(vocabulary, dimensions, dtype: dtype, generator: generator),
            targets.masked_fill(rand(rows, generator: generator) < 0.1, -100),
            (rand(rows, generator: generator) < 0.75).to(ScalarType.Float32));
    }

    /// <summary>The same batch without a mask, with it, with a mask of bool, and with weights that are no mask.</summary>
    public IEnumerable<(string Name, NextTokenBatch Batch)> WithEveryKindOfWeights()
    {
        yield return ("unmasked", this with { Weights = null });
        yield return ("masked", this);
        yield return ("bool", this with { Weights = Weights!.to(ScalarType.Bool) });
        yield return ("weighted", this with { Weights = Weights! * linspace(0.5, 2.5, Weights!.numel()) });
    }

    public NextTokenBatch InDouble() => this with { Hidden = Hidden.to(ScalarType.Float64), Head = Head.to(ScalarType.Float64) };

    /// <summary>Everything from all logits at once, by autograd.</summary>
    public NextTokenRun Oracle()
    {
        using var scope = NewDisposeScope();
        Tensor hidden = Hidden.detach().clone().requires_grad_(), head = Head.detach().clone().requires_grad_();
        var losses = nn.functional.cross_entropy(hidden.mm(head.t()), Targets, ignore_index: -100, reduction: nn.Reduction.None);
        var weights = (Weights ?? ones(Targets.shape)).to(losses.dtype);
        var valid = Targets.ne(-100);
        Tensor kept = valid & (weights > 0), dropped = valid & weights.eq(0);
        var loss = (losses * weights).sum();
        loss.backward();
        return new(
            loss.ToDouble(),
            (weights * kept).sum().ToDouble(),
            kept.sum().ToInt64(),
            dropped.sum().ToInt64(),
            (losses * dropped).sum().ToDouble(),
            ObjectiveRun.Doubles(hidden.grad!),
            ObjectiveRun.Doubles(head.grad!),
            ObjectiveRun.Doubles(-losses));
    }
}
