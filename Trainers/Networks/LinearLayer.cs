using MLNetExt.Columns;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A linear layer that takes its input dense or sparse: y = x W + b, or y = x W.</summary>
/// <remarks>The weight is stored input-major, <c>[inputs, outputs]</c>, so that a sparse row reads only the rows of its own slots.</remarks>
internal sealed class LinearLayer : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <param name="inputSize">The number of inputs.</param>
    /// <param name="outputSize">The number of outputs.</param>
    /// <param name="deviation">The standard deviation of the initial weights.</param>
    /// <param name="generator">Draws the initial weights.</param>
    /// <param name="hasBias">Whether there is a b; it starts at 0.</param>
    public LinearLayer(int inputSize, int outputSize, double deviation, Generator generator, bool hasBias = true)
        : base(nameof(LinearLayer))
    {
        weight = new Parameter(zeros(inputSize, outputSize).normal_(0, deviation, generator));
        bias = hasBias ? new Parameter(zeros(outputSize)) : null;
        RegisterComponents();
    }

    /// <summary>Float32 <c>[..., inputs]</c> to <c>[..., outputs]</c>.</summary>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight.t(), bias);

    /// <summary>The same for sparse rows; slots that are not listed cost nothing.</summary>
    public Tensor Forward(SparseRows input)
    {
        using Tensor rows = input.EntryRows();
        Tensor products = weight.index_select(0, input.Indices) * input.Values.unsqueeze(1);
        Tensor start = bias ?? zeros(weight.shape[1], weight.dtype, weight.device);
        return start.expand(input.Offsets.shape[0], -1).AddAt(rows, products);
    }
}
