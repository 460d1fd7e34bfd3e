using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A square convolution without a bias: a normalisation follows.</summary>
internal sealed class ConvolutionLayer : nn.Module<Tensor, Tensor>
{
    private readonly long _stride;
    private readonly long _padding;
    private readonly Parameter weight;

    /// <param name="inputs">The number of input channels.</param>
    /// <param name="outputs">The number of output channels.</param>
    /// <param name="size">The kernel's side, odd.</param>
    /// <param name="stride">The image shrinks by this factor.</param>
    /// <param name="generator">Draws the initial weights, so that the signal keeps its size behind a rectifier (arXiv 1502.01852).</param>
    public ConvolutionLayer(int inputs, int outputs, int size, int stride, Generator generator)
        : base(nameof(ConvolutionLayer))
    {
        _stride = stride;
        _padding = size / 2;
        double deviation = Math.Sqrt(2.0 / ((double)inputs * size * size));
        weight = new Parameter(zeros(outputs, inputs, size, size).normal_(0, deviation, generator));
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, inputs, height, width]</c> to <c>[rows, outputs, height / stride, width / stride]</c>, rounded up.</summary>
    public override Tensor forward(Tensor images) => nn.functional.conv2d(images, weight, strides: [_stride, _stride], padding: [_padding, _padding]);
}
