using MLNetExt.Columns;
using MLNetExt.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A linear layer that takes its input dense or sparse: y = x W + b, or y = x W.</summary>
/// <remarks>The weight is stored input-major, <c>[inputs, outputs]</c>, so that a sparse row reads only the rows of its own slots.
/// Layers of dense input can have a low-rank adapter.</remarks>
internal sealed class LinearLayer : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private LowRankAdapter? adapter;

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
    public override Tensor forward(Tensor input)
    {
        Tensor output = nn.functional.linear(input, weight.t(), bias);
        return adapter is { IsOn: true } ? output.Plus(adapter.forward(input)) : output;
    }

    /// <summary>The outputs from a given one on, <c>[..., outputs - first]</c>; those before cost nothing.</summary>
    public Tensor OutputsFrom(long first, Tensor input)
    {
        long count = weight.shape[1] - first;
        Tensor output = nn.functional.linear(input, weight.narrow(1, first, count).t(), bias?.narrow(0, first, count));
        return adapter is { IsOn: true } ? output.Plus(adapter.forward(input).narrow(-1, first, count)) : output;
    }

    /// <summary>The same as <see cref="forward"/> for sparse rows; slots that are not listed cost nothing.</summary>
    public Tensor Forward(SparseRows input)
    {
        using Tensor rows = input.EntryRows();
        Tensor products = weight.index_select(0, input.Indices) * input.Values.unsqueeze(1);
        Tensor start = bias ?? zeros(weight.shape[1], weight.dtype, weight.device);
        return start.expand(input.Offsets.shape[0], -1).AddAt(rows, products);
    }

    /// <summary>Adds a low-rank adapter, with which the layer at first computes what it did before.</summary>
    /// <param name="shape">Rank, scale and dropout.</param>
    /// <param name="generator">Draws the adapter's weights, then what is dropped; the layer does not own it.</param>
    /// <param name="switch">Says whether the network's adapters are on.</param>
    public void AddAdapter(LowRankShape shape, Generator generator, AdapterSwitch @switch)
    {
        adapter = new LowRankAdapter(weight.shape[0], weight.shape[1], shape, generator, @switch).to(weight.device);
        register_module(nameof(adapter), adapter);
    }

    /// <summary>The name of the weights of the layer whose adapter has the given name.</summary>
    public static string WeightBeside(string adapterName) => adapterName[..^nameof(adapter).Length] + nameof(weight);
}
