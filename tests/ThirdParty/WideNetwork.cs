using MLNetExt.Components;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace Contoso.Components;

/// <summary>A network for <c>SquentropyOptions.Network</c>: one hidden layer and a short cut around it.</summary>
[LoadableComponent("Contoso.WideNetwork")]
public sealed class WideNetwork : INetworkFactory
{
    /// <summary>The width of the hidden layer; in [1, 4096].</summary>
    public int HiddenUnits
    {
        get;
        set => field = value is >= 1 and <= 4096
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "HiddenUnits must be in [1, 4096].");
    }
    = 32;

    public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => new WideModule(inputSize, HiddenUnits, outputSize);

    private sealed class WideModule : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> deep;
        private readonly nn.Module<Tensor, Tensor> wide;

        public WideModule(int inputs, int hidden, int outputs)
            : base(nameof(WideModule))
        {
            deep = nn.Sequential(("hidden", nn.Linear(inputs, hidden)), ("activation", nn.ReLU()), ("output", nn.Linear(hidden, outputs)));
            wide = nn.Linear(inputs, outputs, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => deep.forward(input) + wide.forward(input);
    }
}
