using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a <see cref="HashingBagTower"/>.</summary>
/// <param name="Bits">Words and their parts are hashed into 2^Bits slots; 1 to 24.</param>
/// <param name="Width">The size of a slot's vector.</param>
/// <param name="EmbeddingSize">The number of outputs.</param>
/// <param name="HiddenSizes">The widths of the hidden layers behind the bag; null for none.</param>
/// <param name="Activation">The non-linearity after each hidden layer.</param>
/// <param name="Dropout">The share of the bag's and of each hidden layer's outputs that is zeroed in training, in [0, 1).</param>
internal sealed record HashingBagTowerOptions(
    int Bits, int Width, int EmbeddingSize, IReadOnlyList<int>? HiddenSizes = null, Activation Activation = Activation.Gelu, double Dropout = 0)
{
    /// <summary>The number of the tower's weights.</summary>
    [JsonIgnore]
    public Int128 WeightCount => (((Int128)1 << Bits) + 2) * Width + Head.WeightCount;

    /// <summary>What follows the bag.</summary>
    [JsonIgnore]
    public MlpOptions Head => new(Width, HiddenSizes ?? [], EmbeddingSize, Activation, Dropout: Dropout, LinearStartsAtZero: false);

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Check()
    {
        NetworkCheck.Require(Bits is >= 1 and <= 24, $"Bits is {Bits}: it must be in 1 to 24.");
        NetworkCheck.AtLeastOne(Width, nameof(Width));
        NetworkCheck.AtLeastOne(EmbeddingSize, nameof(EmbeddingSize));
        NetworkCheck.Hidden(HiddenSizes ?? [], Dropout);
    }
}
