using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Training;

/// <summary>A copy of what training changes of a network.</summary>
internal sealed class WeightSnapshot(Module network) : IDisposable
{
    /// <summary>The copy; empty before it is taken.</summary>
    public Dictionary<string, Tensor> Tensors { get; } = [];

    public void Take()
    {
        using var noGradients = no_grad();
        foreach (var (name, tensor) in TrainedState.Of(network))
        {
            if (Tensors.TryGetValue(name, out Tensor? copy))
            {
                copy.copy_(tensor);
            }
            else
            {
                Tensors[name] = tensor.detach().clone().DetachFromDisposeScope();
            }
        }
    }

    public void Restore()
    {
        using var noGradients = no_grad();
        foreach (var (name, tensor) in TrainedState.Of(network))
        {
            tensor.copy_(Tensors[name]);
        }
    }

    public void Dispose()
    {
        foreach (Tensor copy in Tensors.Values)
        {
            copy.Dispose();
        }
        Tensors.Clear();
    }
}
