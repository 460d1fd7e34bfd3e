using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Two convolutions, each behind a normalisation and a rectifier, and a way around them (arXiv 1603.05027).</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly NormalizedRectifier activation1;
    private readonly ConvolutionLayer convolution1;
    private readonly NormalizedRectifier activation2;
    private readonly ConvolutionLayer convolution2;
    private readonly ConvolutionLayer? shortcut;

    /// <param name="inputs">The number of input channels.</param>
    /// <param name="outputs">The number of output channels.</param>
    /// <param name="stride">The image shrinks by this factor; not 1 only when the channels change.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public ResidualBlock(int inputs, int outputs, int stride, Generator generator)
        : base(nameof(ResidualBlock))
    {
        activation1 = new NormalizedRectifier(inputs);
        convolution1 = new ConvolutionLayer(inputs, outputs, size: 3, stride, generator);
        activation2 = new NormalizedRectifier(outputs);
        convolution2 = new ConvolutionLayer(outputs, outputs, size: 3, stride: 1, generator);
        shortcut = inputs == outputs && stride == 1 ? null : new ConvolutionLayer(inputs, outputs, size: 1, stride, generator);
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, inputs, height, width]</c> to <c>[rows, outputs, height / stride, width / stride]</c>, rounded up.</summary>
    public override Tensor forward(Tensor images)
    {
        Tensor activated = activation1.forward(images);
        Tensor residual = convolution2.forward(activation2.forward(convolution1.forward(activated)));
        return residual.add_(shortcut is null ? images : shortcut.forward(activated));
    }
}
