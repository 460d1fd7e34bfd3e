using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Root mean square normalisation (arXiv 1910.07467): x / √(mean(x²) + ε), times a learned gain.</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly double _epsilon;
    private readonly Parameter weight;

    /// <param name="width">The number of components.</param>
    /// <param name="epsilon">ε.</param>
    public RmsNorm(int width, double epsilon)
        : base(nameof(RmsNorm))
    {
        _epsilon = epsilon;
        weight = new Parameter(ones(width));
        RegisterComponents();
    }

    /// <summary><c>[..., width]</c> to the same shape.</summary>
    public override Tensor forward(Tensor vectors) => vectors * (vectors * vectors).mean([-1], keepdim: true).Plus(_epsilon).rsqrt() * weight;
}
