using MLNetExt.Columns;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A linear layer that takes its input dense or sparse: y = x W + b.</summary>
/// <remarks>The weight is stored input-major, <c>[inputs, outputs]</c>, so that a sparse row reads only the rows of its own slots.</remarks>
internal sealed class LinearLayer : nn.Module<Tensor, Tensor>
{
    private readonly EmbeddingBag weights;
    private readonly Parameter bias;

    /// <param name="inputSize">The number of inputs.</param>
    /// <param name="outputSize">The number of outputs.</param>
    /// <param name="deviation">The standard deviation of the initial weights.</param>
    /// <param name="generator">Draws the initial weights.</param>
    public LinearLayer(int inputSize, int outputSize, double deviation, Generator generator)
        : base(nameof(LinearLayer))
    {
        Tensor initial = zeros(inputSize, outputSize).normal_(0, deviation, generator);
        weights = nn.EmbeddingBag_from_pretrained(initial, freeze: false, mode: EmbeddingBagMode.Sum);
        bias = new Parameter(zeros(outputSize));
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, inputs]</c> to <c>[rows, outputs]</c>.</summary>
    public override Tensor forward(Tensor input) => addmm(bias, input, weights.weight!);

    /// <summary>The same for sparse rows; slots that are not listed cost nothing.</summary>
    public Tensor Forward(SparseRows input) => weights.call(input.Indices, input.Offsets, input.Values) + bias;
}
