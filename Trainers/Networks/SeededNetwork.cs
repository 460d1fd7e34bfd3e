using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Builds a user's network so that its initial weights follow from a seed.</summary>
internal static class SeededNetwork
{
    private static readonly Lock s_globalGenerator = new();

    /// <exception cref="InvalidOperationException">The factory made nothing, or a network of the wrong output size.</exception>
    public static nn.Module<Tensor, Tensor> Create(INetworkFactory factory, int inputSize, int outputSize, int seed)
    {
        // torch's own modules draw their weights from the global generator: it is lent to them and put back.
        lock (s_globalGenerator)
        {
            using Tensor state = get_rng_state();
            try
            {
                manual_seed(seed);
                nn.Module<Tensor, Tensor> network = factory.Create(inputSize, outputSize)
                    ?? throw new InvalidOperationException($"{factory.GetType()}.Create returned null.");
                RequireOutput(network, factory, inputSize, outputSize);
                return network;
            }
            finally
            {
                set_rng_state(state);
            }
        }
    }

    private static void RequireOutput(nn.Module<Tensor, Tensor> network, INetworkFactory factory, int inputSize, int outputSize)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        network.eval();
        long[] shape = network.forward(zeros(2, inputSize)).shape;
        if (!shape.SequenceEqual([2, outputSize]))
            throw new InvalidOperationException(
                $"The network of {factory.GetType()} gives [{string.Join(", ", shape)}] for [2, {inputSize}]: it must give [2, {outputSize}].");
    }
}
