using BenchmarkDotNet.Attributes;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>Forward and backward of the sigmoid loss of all pairs of a batch, float32, two threads.</summary>
[MemoryDiagnoser]
public class ContrastiveSubjects
{
    private const int Dimensions = 256;
    private readonly SigmoidContrastive _sigmoid = new();
    private Tensor _left = null!;
    private Tensor _right = null!;
    private Tensor _logScale = null!;
    private Tensor _bias = null!;
    private Tensor _weights = null!;

    [Params(4096)]
    public int Rows { get; set; } = 4096;

    [GlobalSetup]
    public void Setup()
    {
        LibTorch.EnsureLoaded();
        set_num_threads(2);
        var generator = new Generator(1);
        _left = Leaf(UnitLength.Of(randn(Rows, Dimensions, generator: generator)));
        _right = Leaf(UnitLength.Of(randn(Rows, Dimensions, generator: generator)));
        _logScale = Leaf(tensor((float)Math.Log(10)));
        _bias = Leaf(tensor(-10f));
    }

    /// <summary>Ours.</summary>
    [Benchmark]
    public void Sigmoid() => Run(() => _sigmoid.Sum(_left, _right, _logScale, _bias).Loss / Rows);

    /// <summary>As one writes it: every step on the matrix of all pairs.</summary>
    [Benchmark]
    public void TorchEager() => Run(() =>
    {
        var z = 2 * eye(Rows) - 1;
        var logits = _logScale.exp() * _left.mm(_right.t()) + _bias;
        return -nn.functional.logsigmoid(z * logits).sum() / Rows;
    });

    /// <summary>The matrix products that no way of computing it can do without, on matrices that are there already.</summary>
    [Benchmark]
    public void MatrixProducts()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _weights ??= rand(Rows, Rows).DetachFromDisposeScope();
        _left.mm(_right.t());
        _weights.mm(_right);
        _weights.t().mm(_left);
    }

    private static Tensor Leaf(Tensor value) => value.detach().requires_grad_().DetachFromDisposeScope();

    private void Run(Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        autograd.grad([loss()], [_left, _right, _logScale, _bias]);
    }
}
