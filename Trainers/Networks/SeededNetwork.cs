using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Builds a user's network so that its initial weights follow from a generator.</summary>
internal static class SeededNetwork
{
    /// <exception cref="InvalidOperationException">The factory made nothing, or a network of the wrong output size.</exception>
    public static nn.Module<Tensor, Tensor> Create(INetworkFactory factory, int inputSize, int outputSize, Generator generator)
    {
        nn.Module<Tensor, Tensor> network = GlobalGenerator.Lend(generator, () => factory.Create(inputSize, outputSize))
            ?? throw new InvalidOperationException($"{factory.GetType()}.Create returned null.");
        try
        {
            RequireOutput(network, factory, inputSize, outputSize);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static void RequireOutput(nn.Module<Tensor, Tensor> network, INetworkFactory factory, int inputSize, int outputSize)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        // Running statistics and dropout must not see the trial row. The training loop sets the mode anew.
        network.eval();
        long[] shape = network.forward(zeros(2, inputSize)).shape;
        if (!shape.SequenceEqual([2, outputSize]))
            throw new InvalidOperationException(
                $"The network of {factory.GetType()} gives [{string.Join(", ", shape)}] for [2, {inputSize}]: it must give [2, {outputSize}].");
    }
}
