using System.Runtime.InteropServices;
using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>What a saved classifier holds beside its weights.</summary>
internal sealed record SquentropyState(ClassifierShape Shape, KeyValues? Labels, double Temperature)
{
    /// <summary>Makes sure that the state was not damaged or made up.</summary>
    /// <exception cref="InvalidDataException">A value is out of range.</exception>
    public void Check()
    {
        Require(Shape.FeatureCount >= 1, nameof(Shape.FeatureCount));
        Require(Shape.ClassCount >= 2, nameof(Shape.ClassCount));
        Require(!string.IsNullOrEmpty(Shape.FeatureColumn), nameof(Shape.FeatureColumn));
        Require(Shape.HiddenSizes.All(s => s >= 1), nameof(Shape.HiddenSizes));
        Require(Enum.IsDefined(Shape.Activation), nameof(Shape.Activation));
        Require(Shape.Dropout is >= 0 and < 1, nameof(Shape.Dropout));
        Require(Shape.ScoringBlockSize is >= 1 and <= SquentropyOptions.MaxScoringBlockSize, nameof(Shape.ScoringBlockSize));
        Require(Labels is null || Labels.Texts.Count == Shape.ClassCount, nameof(Labels));
        Require(Temperature > 0 && double.IsFinite(Temperature), nameof(Temperature));
    }

    /// <summary>Builds the network that the weights are for, once it is sure that there are as many as it needs.</summary>
    /// <exception cref="InvalidDataException">The weights are too few, or the user's network refuses its stored settings.</exception>
    public ClassifierNetwork CreateNetwork(SafetensorsReader weights)
    {
        // The sizes come from a file that anybody may have made: nothing is allocated that the weights do not fill.
        long stored = weights.Entries.Sum(e => e.Shape.Aggregate(1L, (product, size) => product * size));
        Require(Shape.FeatureCount <= stored, nameof(Shape.FeatureCount));
        Require(Shape.ClassCount <= stored, nameof(Shape.ClassCount));
        Require(Shape.HiddenSizes.Count <= weights.Entries.Count, nameof(Shape.HiddenSizes));
        Require(Shape.Network is not null || Shape.PerceptronWeights <= stored, nameof(Shape.HiddenSizes));
        INetworkFactory? factory = Shape.Network?.Create<INetworkFactory>();
        using var generator = new Generator(0);
        try
        {
            return Shape.CreateNetwork(factory, FeatureScaler.Identity(Shape.FeatureCount), generator);
        }
        catch (Exception e) when (factory is not null && e is (ArgumentException or InvalidOperationException or ExternalException))
        {
            throw new InvalidDataException($"The model's network '{Shape.Network!.Component}' cannot be built from its stored settings: {e.Message}");
        }
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
            throw new InvalidDataException($"The model is damaged: its {member} cannot be.");
    }
}
