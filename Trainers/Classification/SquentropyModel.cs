using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Networks;
using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>A trained classifier: network, classes and temperature.</summary>
public sealed class SquentropyModel : IDisposable
{
    private readonly ClassifierNetwork _network;
    private readonly ClassifierShape _shape;

    internal SquentropyModel(ClassifierNetwork network, ClassifierShape shape, KeyValues? labels, double temperature)
    {
        _network = network;
        _shape = shape;
        Labels = labels;
        Temperature = temperature;
        network.eval();
        foreach (Tensor parameter in network.parameters())
            parameter.requires_grad_(false);
        network.to(CPU);
    }

    /// <summary>The classes in key order; null when the label's key has no values.</summary>
    public KeyValues? Labels { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount => _shape.ClassCount;

    /// <summary>The number of features.</summary>
    public int FeatureCount => _shape.FeatureCount;

    /// <summary>What logits are divided by before the softmax; 1 without temperature scaling.</summary>
    public double Temperature { get; }

    /// <summary>The number of trained weights.</summary>
    public long WeightCount => _network.parameters().Sum(p => p.numel());

    internal ClassifierShape Shape => _shape;

    /// <summary>The probabilities of the classes: float32 <c>[rows, classes]</c>, in the caller's dispose scope.</summary>
    internal Tensor Probabilities(TensorBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor logits = _network.Forward(batch.PadRows(_shape.FeatureColumn), _shape.FeatureColumn).narrow(0, 0, batch.RowCount);
        logits += batch.NaNWhereNotFinite(_shape.FeatureColumn);
        return softmax(Temperature == 1 ? logits : logits / Temperature, 1).MoveToOuterDisposeScope();
    }

    internal void Save(ModelWriter writer)
    {
        writer.WriteState(new SquentropyState(_shape, Labels, Temperature));
        writer.WriteWeights(_network.state_dict().Select(w => KeyValuePair.Create(w.Key, w.Value)));
    }

    internal static SquentropyModel Load(ModelReader reader)
    {
        SquentropyState state = reader.ReadState<SquentropyState>();
        state.Check();
        using SafetensorsReader weights = reader.ReadWeights();
        ClassifierNetwork network = state.CreateNetwork(weights);
        try
        {
            Dictionary<string, Tensor> tensors = network.state_dict();
            foreach ((string name, Tensor tensor) in tensors)
                weights.ReadInto(name, tensor);
            if (weights.Entries.FirstOrDefault(e => !tensors.ContainsKey(e.Name)) is { } other)
                throw new InvalidDataException($"The model's weights hold '{other.Name}', which its network does not have.");
            return new SquentropyModel(network, state.Shape, state.Labels, state.Temperature);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Releases the weights.</summary>
    public void Dispose() => _network.Dispose();
}
