using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The second sublayer of a block: two layers with a non-linearity between, the same for every token.</summary>
/// <remarks>When gated, the first layer's outputs are the gate, then what it lets through.</remarks>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Activation _activation;
    private readonly bool _isGated;
    private readonly LinearLayer input;
    private readonly LinearLayer output;

    /// <param name="options">The shape of the stack.</param>
    /// <param name="outputDeviation">The standard deviation of the second layer's initial weights.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public FeedForward(TransformerOptions options, double outputDeviation, Generator generator)
        : base(nameof(FeedForward))
    {
        (_activation, _isGated) = (options.Activation, options.IsGated);
        int hidden = options.HiddenWidth, raised = _isGated ? checked(2 * hidden) : hidden;
        input = new LinearLayer(options.Width, raised, options.WeightDeviation(options.Width), generator, options.FeedForwardBias);
        output = new LinearLayer(hidden, options.Width, outputDeviation, generator, options.FeedForwardBias);
        RegisterComponents();
    }

    /// <summary><c>[rows, length, width]</c> to the same shape.</summary>
    public override Tensor forward(Tensor tokens) => output.forward(Hidden(input.forward(tokens)));

    private Tensor Hidden(Tensor raised)
    {
        if (!_isGated)
            return _activation.Apply(raised);
        Tensor[] halves = raised.chunk(2, -1);
        return _activation.Apply(halves[0]) * halves[1];
    }
}
