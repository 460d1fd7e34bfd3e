using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Builds a user's network so that its initial weights follow from a generator.</summary>
internal static class SeededNetwork
{
    /// <summary>A network for features, float32 <c>[rows, inputSize]</c>.</summary>
    /// <exception cref="InvalidOperationException">The factory made nothing, or a network of the wrong output size.</exception>
    public static nn.Module<Tensor, Tensor> Create(INetworkFactory factory, int inputSize, int outputSize, Generator generator) =>
        Create(factory, inputSize, outputSize, generator, () => zeros(2, inputSize));

    /// <summary>A network for another input, of which <paramref name="twoRows"/> makes an example.</summary>
    /// <exception cref="InvalidOperationException">The factory made nothing, or a network of the wrong output size.</exception>
    public static nn.Module<Tensor, Tensor> Create(INetworkFactory factory, int inputSize, int outputSize, Generator generator, Func<Tensor> twoRows)
    {
        nn.Module<Tensor, Tensor> network = GlobalGenerator.Lend(generator, () => factory.Create(inputSize, outputSize))
            ?? throw new InvalidOperationException($"{factory.GetType()}.Create returned null.");
        try
        {
            RequireOutput(network, factory, twoRows, outputSize);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static void RequireOutput(nn.Module<Tensor, Tensor> network, INetworkFactory factory, Func<Tensor> twoRows, int outputSize)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        // Running statistics and dropout must not see the trial row. The training loop sets the mode anew.
        network.eval();
        Tensor input = twoRows();
        long[] shape = network.forward(input).shape;
        if (!shape.SequenceEqual([2, outputSize]))
            throw new InvalidOperationException(
                $"The network of {factory.GetType()} gives [{string.Join(", ", shape)}] for [{string.Join(", ", input.shape)}]: it must give [2, {outputSize}].");
    }
}
