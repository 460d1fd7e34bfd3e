using BenchmarkDotNet.Attributes;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>Forward and backward of a language model's head and goldfish loss, a quarter of the tokens dropped, float32, two threads.</summary>
[MemoryDiagnoser]
public class HeadSubjects
{
    private const int Dimensions = 256;
    private const int Vocabulary = 32_000;
    private readonly NextTokenCrossEntropy _objective = new();
    private Tensor _hidden = null!;
    private Tensor _head = null!;
    private Tensor _targets = null!;
    private Tensor _mask = null!;
    private Tensor _keptTargets = null!;
    private Tensor _keptRows = null!;
    private Tensor _gradients = null!;

    [Params(4096)]
    public int Tokens { get; set; } = 4096;

    [GlobalSetup]
    public void Setup()
    {
        LibTorch.EnsureLoaded();
        set_num_threads(2);
        var generator = new Generator(1);
        _hidden = Leaf(randn(Tokens, Dimensions, generator: generator));
        _head = Leaf(randn(Vocabulary, Dimensions, generator: generator) * 0.02);
        _targets = randint(0, Vocabulary, Tokens, dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
        _mask = ones(Tokens).DetachFromDisposeScope();
        _mask.view(-1, 4).select(1, 3).fill_(0);
        _keptRows = _mask.nonzero().squeeze(1).DetachFromDisposeScope();
        _keptTargets = _targets.masked_fill(_mask.eq(0), -100).DetachFromDisposeScope();
    }

    /// <summary>Ours.</summary>
    [Benchmark]
    public void Head() => Run(() => _objective.Sum(_hidden, _head, _targets, _mask).Loss);

    /// <summary>As one writes it: the logits of all tokens, and dropped ones ignored.</summary>
    [Benchmark]
    public void TorchEager() => Run(() => CrossEntropy(_hidden, _keptTargets));

    /// <summary>The kept tokens selected first.</summary>
    [Benchmark]
    public void TorchKept() => Run(() => CrossEntropy(_hidden.index_select(0, _keptRows), _targets.index_select(0, _keptRows)));

    /// <summary>The matrix products that no way of computing it can do without, on matrices that are there already.</summary>
    [Benchmark]
    public void MatrixProducts()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _gradients ??= rand(_keptRows.shape[0], Vocabulary).DetachFromDisposeScope();
        var kept = _hidden.index_select(0, _keptRows);
        _gradients.addmm_(kept, _head.t(), beta: 0, alpha: 1);
        _gradients.mm(_head);
        _gradients.t().mm(kept);
    }

    private static Tensor Leaf(Tensor value) => value.detach().requires_grad_().DetachFromDisposeScope();

    private Tensor CrossEntropy(Tensor hidden, Tensor targets)
        => nn.functional.cross_entropy(hidden.mm(_head.t()), targets, ignore_index: -100, reduction: nn.Reduction.Sum);

    private void Run(Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        autograd.grad([loss()], [_hidden, _head]);
    }
}
