using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Group normalisation (arXiv 1803.08494), then max(0, x).</summary>
/// <remarks>Not <c>nn.GroupNorm</c>: TorchSharp 0.107 leaves its weights uninitialised.</remarks>
internal sealed class NormalizedRectifier : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <param name="channels">The number of channels, a multiple of <see cref="ResNetOptions.Groups"/>.</param>
    public NormalizedRectifier(int channels)
        : base(nameof(NormalizedRectifier))
    {
        weight = new Parameter(ones(channels));
        bias = new Parameter(zeros(channels));
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, channels, height, width]</c> to the same shape.</summary>
    public override Tensor forward(Tensor images) => nn.functional.group_norm(images, ResNetOptions.Groups, weight, bias).relu_();
}
