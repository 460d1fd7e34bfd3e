using BenchmarkDotNet.Attributes;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>Forward and backward of the losses at one shape, float32, two threads.</summary>
[MemoryDiagnoser]
public class LossSubjects
{
    private readonly Squentropy _squentropy = new();
    private Tensor _logits = null!;
    private Tensor _targets = null!;

    [Params(4096, 1024, 256)]
    public int Rows { get; set; } = 4096;

    [Params(1000, 26, 10)]
    public int Classes { get; set; } = 1000;

    [GlobalSetup]
    public void Setup()
    {
        LibTorch.EnsureLoaded();
        set_num_threads(2);
        var generator = new Generator(1);
        _logits = randn(Rows, Classes, generator: generator).requires_grad_().DetachFromDisposeScope();
        _targets = randint(0, Classes, Rows, dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
    }

    [Benchmark]
    public void Squentropy() => Run((f, y) => _squentropy.Sum(f, y).Loss);

    [Benchmark]
    public void TorchCrossEntropy() => Run((f, y) => nn.functional.cross_entropy(f, y));

    [Benchmark]
    public void TorchComposite() => Run((f, y) => nn.functional.cross_entropy(f, y)
        + ((f * f).sum() - f.gather(1, y.unsqueeze(1)).pow(2).sum()) / ((Classes - 1) * Rows));

    /// <summary>The gradient is taken, not accumulated: in training the logits are the output of a layer.</summary>
    private void Run(Func<Tensor, Tensor, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        autograd.grad([loss(_logits, _targets)], [_logits]);
    }
}
