using System.Text.Json.Serialization;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>All that decides the sizes of a classifier's weights; a model stores it beside them.</summary>
/// <param name="FeatureColumn">The name of the feature column.</param>
/// <param name="FeatureCount">The length of its vectors.</param>
/// <param name="IsSparse">Whether they are read sparse.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="HiddenSizes">The widths of the perceptron's hidden layers.</param>
/// <param name="Activation">The non-linearity after each of them.</param>
/// <param name="BatchNormalization">Whether they are batch-normalised.</param>
/// <param name="Dropout">The share of hidden units that was dropped in training.</param>
/// <param name="Network">The user's own network; null for the perceptron.</param>
/// <param name="ScoringBlockSize">Rows per forward pass when scoring.</param>
internal sealed record ClassifierShape(
    string FeatureColumn,
    int FeatureCount,
    bool IsSparse,
    int ClassCount,
    IReadOnlyList<int> HiddenSizes,
    Activation Activation,
    bool BatchNormalization,
    double Dropout,
    ComponentDescription? Network,
    int ScoringBlockSize)
{
    public static ClassifierShape Of(SquentropyOptions options, ComponentDescription? network, BoundColumn features, int classCount) => new(
        options.FeatureColumnName,
        features.Width,
        features.IsSparse,
        classCount,
        options.LayerSizes,
        options.Activation,
        options.BatchNormalization,
        options.Dropout,
        network,
        options.ScoringBlockSize);

    /// <summary>The number of weights that the perceptron has, scaler and normalisation aside.</summary>
    [JsonIgnore]
    public Int128 PerceptronWeights => Perceptron.WeightCount;

    private MlpOptions Perceptron => new(FeatureCount, HiddenSizes, ClassCount, Activation, BatchNormalization, Dropout);

    /// <summary>Builds the network; the caller owns it.</summary>
    public ClassifierNetwork CreateNetwork(INetworkFactory? factory, FeatureScaler scaler, Generator generator) =>
        new(scaler, factory is null ? new Mlp(Perceptron, generator) : SeededNetwork.Create(factory, FeatureCount, ClassCount, generator));
}
