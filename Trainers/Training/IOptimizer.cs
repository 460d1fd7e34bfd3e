using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>An update rule over <see cref="FlatParameters"/>.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Updates the parameters from their gradients.</summary>
    void Step(double learningRate);

    /// <summary>Everything the next update depends on, by name, as live tensors: reading a checkpoint writes into them.</summary>
    IEnumerable<KeyValuePair<string, Tensor>> State { get; }
}
