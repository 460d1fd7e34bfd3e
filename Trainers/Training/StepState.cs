using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>The private state of an <see cref="ITrainingStep"/> in a checkpoint.</summary>
public sealed class StepState
{
    /// <summary>Tensors by name, of any shape and element type that safetensors holds.</summary>
    public IDictionary<string, Tensor> Tensors { get; } = new Dictionary<string, Tensor>();

    /// <summary>Small values: counters, rounds, seeds.</summary>
    public JsonObject Values { get; init; } = [];
}
