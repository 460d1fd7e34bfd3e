using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>What low-rank adaptation adds to the outputs of a linear layer.</summary>
/// <remarks>
/// LoRA: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022, arXiv 2106.09685. The layer's own weights W
/// and b stay as they are, and A, <c>[inputs, r]</c>, and B, <c>[r, outputs]</c>, are learned:
/// <code>y = x·W + b + (α / r)·(dropout(x)·A)·B</code>
/// A starts normal with deviation 1/√inputs, so that x·A has the size of x; B starts at 0, so that the adapted network starts as
/// the one that it adapts. Merged, the layer has the weights W + (α / r)·A·B.
/// </remarks>
internal sealed class LowRankAdapter : nn.Module<Tensor, Tensor>
{
    private readonly double _scale;
    private readonly AdapterSwitch _switch;
    private readonly Parameter down;
    private readonly Parameter up;
    private readonly SeededDropout dropout;

    /// <param name="inputs">The layer's number of inputs.</param>
    /// <param name="outputs">Its number of outputs.</param>
    /// <param name="shape">Rank, scale and dropout.</param>
    /// <param name="generator">Draws A, then what is dropped; the adapter does not own it.</param>
    /// <param name="switch">Says whether the network's adapters are on.</param>
    public LowRankAdapter(long inputs, long outputs, LowRankShape shape, Generator generator, AdapterSwitch @switch)
        : base(nameof(LowRankAdapter))
    {
        (_scale, _switch) = (shape.Scale, @switch);
        down = new Parameter(zeros(inputs, shape.Rank).normal_(0, 1 / Math.Sqrt(inputs), generator));
        up = new Parameter(zeros(shape.Rank, outputs));
        dropout = new SeededDropout(shape.Dropout, generator);
        RegisterComponents();
    }

    /// <summary>Whether the adapter takes part.</summary>
    public bool IsOn => _switch.IsOn;

    /// <summary>The layer's inputs, <c>[..., inputs]</c>, to what is added to its outputs, <c>[..., outputs]</c>.</summary>
    public override Tensor forward(Tensor input) => dropout.forward(input).matmul(down).Times(_scale).matmul(up);

    /// <summary>What is added to the layer's weights when the adapter is merged, <c>[inputs, outputs]</c>.</summary>
    public Tensor Change() => down.matmul(up).Times(_scale);
}
