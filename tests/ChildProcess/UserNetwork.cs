using MLNetExt.Components;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.ChildProcess;

/// <summary>A network such as a user writes, in an assembly that tests and the child process share: torch's own modules, with dropout.</summary>
[LoadableComponent("MLNetExt.Tests.UserNetwork")]
public sealed class UserNetwork : INetworkFactory
{
    public int Hidden { get; set; } = 12;

    public double Dropout { get; set; } = 0.2;

    public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => nn.Sequential(
        ("first", nn.Linear(inputSize, Hidden)),
        ("activation", nn.Tanh()),
        ("dropout", nn.Dropout(Dropout)),
        ("last", nn.Linear(Hidden, outputSize)));
}
