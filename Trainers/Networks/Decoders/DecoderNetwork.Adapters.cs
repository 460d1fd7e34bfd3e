using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

internal sealed partial class DecoderNetwork
{
    private readonly AdapterSwitch _adapters = new();

    /// <summary>The shape of the network's low-rank adapters; null when it has none.</summary>
    public LowRankShape? Adapters { get; private set; }

    /// <summary>Adds low-rank adapters to layers of all blocks and freezes every other weight. The network computes what it did before; its
    /// generator draws the adapters' weights, then what they drop. See <see cref="LowRankAdapter"/>.</summary>
    /// <exception cref="ArgumentException">There are no adapters of this shape.</exception>
    /// <exception cref="InvalidOperationException">The network has adapters already.</exception>
    public void AddAdapters(LowRankShape shape)
    {
        shape.Check();
        if (Adapters is not null)
            throw new InvalidOperationException("The network has adapters already: begin with a network that has their merged weights.");
        foreach (Parameter weight in parameters())
            weight.requires_grad = false;
        foreach (LinearLayer layer in Adapted(shape))
            layer.AddAdapter(shape, _generator, _adapters);
        Adapters = shape;
    }

    /// <summary>Makes the network compute what it did before it was adapted, until the result is disposed: the reference model of
    /// preference training for no memory. A backward pass belongs to what was computed with the adapters and must run with them.</summary>
    /// <exception cref="InvalidOperationException">The network has no adapters.</exception>
    public IDisposable WithoutAdapters() => Adapters is not null
        ? _adapters.TurnOff()
        : throw new InvalidOperationException("The network has no adapters that could be left out.");

    /// <summary>The weights of the network without adapters that computes the same, by name.</summary>
    /// <returns>The network's own tensors, and in the caller's dispose scope those into which an adapter was merged.</returns>
    public Dictionary<string, Tensor> MergedWeights()
    {
        using var noGradients = no_grad();
        Dictionary<string, Tensor> weights = state_dict();
        foreach ((string name, nn.Module module) in named_modules())
        {
            if (module is not LowRankAdapter adapter)
                continue;
            using Tensor change = adapter.Change();
            weights[LinearLayer.WeightBeside(name)] += change;
            foreach (string own in adapter.state_dict().Keys)
                weights.Remove($"{name}.{own}");
        }

        return weights;
    }

    private IEnumerable<LinearLayer> Adapted(LowRankShape shape) => modules()
        .Where(module => (shape.Attention && module is Attention) || (shape.FeedForward && module is FeedForward))
        .SelectMany(module => module.children().OfType<LinearLayer>());
}
