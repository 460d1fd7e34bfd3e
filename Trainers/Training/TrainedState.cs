using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Training;

/// <summary>What training can change of a network, and what it cannot.</summary>
internal static class TrainedState
{
    /// <summary>Its buffers and trainable parameters, by name.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Of(Module network) => network.state_dict().Where(t => !IsFrozen(t.Value));

    /// <summary>Its frozen parameters.</summary>
    public static IReadOnlyList<Tensor> FrozenOf(Module network) => [.. network.state_dict().Values.Where(IsFrozen)];

    private static bool IsFrozen(Tensor tensor) => tensor is Parameter { requires_grad: false };
}
