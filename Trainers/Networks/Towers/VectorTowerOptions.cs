using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a <see cref="VectorTower"/>.</summary>
/// <param name="InputSize">The length of the vectors.</param>
/// <param name="HiddenSizes">The widths of the perceptron's hidden layers; empty for a linear tower, null for the identity,
/// which has no weights.</param>
/// <param name="EmbeddingSize">The number of outputs; <paramref name="InputSize"/> for the identity.</param>
/// <param name="Activation">The non-linearity after each hidden layer.</param>
/// <param name="Dropout">The share of each hidden layer's outputs that is zeroed in training, in [0, 1).</param>
internal sealed record VectorTowerOptions(
    int InputSize, IReadOnlyList<int>? HiddenSizes, int EmbeddingSize, Activation Activation = Activation.Gelu, double Dropout = 0)
{
    /// <summary>The number of the tower's weights, the scaler aside.</summary>
    [JsonIgnore]
    public Int128 WeightCount => Perceptron?.WeightCount ?? 0;

    /// <summary>The perceptron behind the scaler; null for the identity.</summary>
    [JsonIgnore]
    public MlpOptions? Perceptron => HiddenSizes is null
        ? null
        : new MlpOptions(InputSize, HiddenSizes, EmbeddingSize, Activation, Dropout: Dropout, LinearStartsAtZero: false);

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or two do not go together.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(InputSize, nameof(InputSize));
        NetworkCheck.AtLeastOne(EmbeddingSize, nameof(EmbeddingSize));
        NetworkCheck.Hidden(HiddenSizes ?? [], Dropout);
        NetworkCheck.Require(
            HiddenSizes is not null || EmbeddingSize == InputSize,
            $"EmbeddingSize is {EmbeddingSize} and the vectors have length {InputSize}: an identity tower keeps the length.");
    }
}
