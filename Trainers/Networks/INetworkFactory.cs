using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A network of the user's own: a class that builds it from settings which a model can store.</summary>
/// <remarks>The class carries <see cref="MLNetExt.Components.LoadableComponentAttribute"/> and a public parameterless
/// constructor; its public settable properties are stored with the model as JSON, and the weights as safetensors. A
/// lambda cannot be a factory: a saved model could not find it again.
/// <para>Initial weights and dropout may draw from torch's global generator: it is lent to the network, in a state that
/// follows from the trainer's seed and is part of its checkpoints. That holds on the CPU; on another device, dropout draws
/// from that device's generator, and a run cannot be repeated or resumed exactly.</para>
/// <para>The last batch of an epoch may have a single row, which <c>nn.BatchNorm1d</c> refuses to train on: <c>nn.LayerNorm</c> takes it.</para></remarks>
public interface INetworkFactory
{
    /// <summary>Builds the network with its initial weights.</summary>
    /// <param name="inputSize">The number of features; for images 3 * height * width, for tokens the size of the vocabulary.</param>
    /// <param name="outputSize">The number of outputs: for a classifier the number of classes, for a tower the size of the embedding.</param>
    /// <returns>A module from float32 <c>[rows, inputSize]</c> to float32 <c>[rows, outputSize]</c>; the caller disposes it. A
    /// tower over images gets float32 <c>[rows, 3, height, width]</c> in [0, 1], one over tokens int64 <c>[rows, longest]</c>
    /// with 0 behind a row's end.</returns>
    nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize);
}
