using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A linear layer as the families store it that have the outputs first, and apart what is one layer here.</summary>
internal static class LinearParts
{
    /// <summary>A layer's weight and bias, cut along its outputs and turned: views.</summary>
    /// <param name="ours">The network's weights.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="parts">The names of its parts, in their order, and how many outputs each has.</param>
    public static IEnumerable<KeyValuePair<string, Tensor>> Of(IReadOnlyDictionary<string, Tensor> ours, string layer, params (string Name, int Size)[] parts)
    {
        long start = 0;
        foreach ((string name, int size) in parts)
        {
            yield return new(name + ".weight", ours[layer + ".weight"].narrow(1, start, size).t());
            if (ours.TryGetValue(layer + ".bias", out Tensor? bias))
                yield return new(name + ".bias", bias.narrow(0, start, size));
            start += size;
        }
    }
}
