using MLNetExt.Columns;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A multi-layer perceptron whose first layer also takes sparse rows. Without hidden layers it is linear.</summary>
internal sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly LinearLayer input;
    private readonly ModuleList<HiddenActivation> activations;
    private readonly ModuleList<LinearLayer> layers;

    /// <param name="options">The network's shape.</param>
    /// <param name="generator">Draws the initial weights, then the dropped units; the network does not own it.</param>
    public Mlp(MlpOptions options, Generator generator)
        : base(nameof(Mlp))
    {
        int[] sizes = [options.InputSize, .. options.HiddenSizes, options.OutputSize];
        LinearLayer Layer(int i) => new(sizes[i], sizes[i + 1], Deviation(options, sizes, i), generator);

        input = Layer(0);
        layers = nn.ModuleList(Enumerable.Range(1, options.HiddenSizes.Count).Select(Layer).ToArray());
        activations = nn.ModuleList(options.HiddenSizes.Select(size => new HiddenActivation(size, options, generator)).ToArray());
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, inputs]</c> to <c>[rows, outputs]</c>.</summary>
    public override Tensor forward(Tensor features) => Rest(input.forward(features));

    /// <summary>The same for sparse rows.</summary>
    public Tensor Forward(SparseRows features) => Rest(input.Forward(features));

    private Tensor Rest(Tensor sums)
    {
        for (int i = 0; i < layers.Count; i++)
            sums = layers[i].forward(activations[i].forward(sums));
        return sums;
    }

    /// <summary>Hidden layers keep the signal's size; the output layer starts small, so that the first predictions are
    /// near uniform; a linear network starts at zero unless the options say otherwise.</summary>
    private static double Deviation(MlpOptions options, int[] sizes, int layer) =>
        options.HiddenSizes.Count == 0 && options.LinearStartsAtZero ? 0
        : layer < options.HiddenSizes.Count ? options.Activation.Gain() / Math.Sqrt(sizes[layer])
        : 1 / Math.Sqrt(sizes[layer]);
}
