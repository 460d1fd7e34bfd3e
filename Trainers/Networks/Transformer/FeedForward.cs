using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The second sublayer of a block: two layers with a non-linearity between, the same for every token.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Activation _activation;
    private readonly LinearLayer input;
    private readonly LinearLayer output;

    /// <param name="options">The shape of the stack.</param>
    /// <param name="outputDeviation">The standard deviation of the second layer's initial weights.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public FeedForward(TransformerOptions options, double outputDeviation, Generator generator)
        : base(nameof(FeedForward))
    {
        _activation = options.Activation;
        input = new LinearLayer(options.Width, options.HiddenWidth, 1 / Math.Sqrt(options.Width), generator);
        output = new LinearLayer(options.HiddenWidth, options.Width, outputDeviation, generator);
        RegisterComponents();
    }

    /// <summary><c>[rows, length, width]</c> to the same shape.</summary>
    public override Tensor forward(Tensor tokens) => output.forward(_activation.Apply(input.forward(tokens)));
}
