using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace Contoso.Components;

/// <summary>The centroid of each class.</summary>
public sealed class NearestCentroidModel : IDisposable
{
    private readonly Tensor _centroids;

    internal NearestCentroidModel(string featureColumn, KeyValues? labels, Tensor centroids)
    {
        FeatureColumn = featureColumn;
        Labels = labels;
        _centroids = centroids.DetachFromDisposeScope();
    }

    public string FeatureColumn { get; }

    public KeyValues? Labels { get; }

    public int ClassCount => (int)_centroids.shape[0];

    public int FeatureCount => (int)_centroids.shape[1];

    public void Dispose() => _centroids.Dispose();

    /// <summary>Float32 <c>[rows, features]</c> to float32 <c>[rows, classes]</c>: the softmax of minus half the squared distance.</summary>
    internal Tensor Probabilities(Tensor features) =>
        nn.functional.softmax((features.unsqueeze(1) - _centroids).square().sum(2) * -0.5, 1);

    internal void Save(ModelWriter writer)
    {
        writer.WriteState(new State(FeatureColumn, Labels));
        writer.WriteWeights([KeyValuePair.Create("centroids", _centroids)]);
    }

    internal static NearestCentroidModel Load(ModelReader reader)
    {
        State state = reader.ReadState<State>();
        using SafetensorsReader weights = reader.ReadWeights();
        SafetensorsEntry stored = weights["centroids"];
        if (stored.DType != ScalarType.Float32 || stored.Shape is not [>= 1 and <= int.MaxValue and var classes, >= 1 and <= int.MaxValue])
            throw new InvalidDataException("The model's centroids must be a matrix of F32.");
        if (state.Labels is { } labels && labels.Texts.Count != classes)
            throw new InvalidDataException($"The model has {labels.Texts.Count} labels for {classes} centroids.");
        return new NearestCentroidModel(state.FeatureColumn, state.Labels, weights.Read("centroids"));
    }

    private sealed record State(string FeatureColumn, KeyValues? Labels)
    {
        public string FeatureColumn { get; } = FeatureColumn.Length > 0 ? FeatureColumn : throw new ArgumentException("The feature column has no name.");
    }
}
