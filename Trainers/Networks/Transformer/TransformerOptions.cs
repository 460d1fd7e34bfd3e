using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a stack of transformer blocks.</summary>
/// <param name="Width">The size of a token's vector; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Layers">The number of blocks, at least 1.</param>
/// <param name="Heads">The number of attention heads, at least 1.</param>
/// <param name="FeedForwardWidth">The width between the two feed-forward layers; null for four times <paramref name="Width"/>.</param>
/// <param name="IsCausal">Whether a token attends only to itself and those before it.</param>
/// <param name="Norm">Where blocks normalise.</param>
/// <param name="RotaryTheta">The base of the rotary position embedding, above 0; null for none.</param>
/// <param name="Dropout">The share of each sublayer's outputs that is zeroed in training, in [0, 1).</param>
/// <param name="Activation">The non-linearity between the two feed-forward layers.</param>
internal sealed record TransformerOptions(
    int Width,
    int Layers,
    int Heads,
    int? FeedForwardWidth = null,
    bool IsCausal = false,
    NormPlacement Norm = NormPlacement.Pre,
    double? RotaryTheta = null,
    double Dropout = 0,
    Activation Activation = Activation.Gelu)
{
    /// <summary>The size of one head's vectors.</summary>
    [JsonIgnore]
    public int HeadSize => Width / Heads;

    /// <summary>The width between the two feed-forward layers.</summary>
    [JsonIgnore]
    public int HiddenWidth => FeedForwardWidth ?? checked(4 * Width);

    /// <summary>The number of weights of all blocks and of the norm behind them.</summary>
    [JsonIgnore]
    public Int128 WeightCount
    {
        get
        {
            Int128 width = Width, hidden = FeedForwardWidth ?? 4 * width;
            Int128 attention = (width + 1) * 3 * width + (width + 1) * width;
            Int128 feedForward = (width + 1) * hidden + (hidden + 1) * width;
            return Layers * (attention + feedForward + 4 * width) + (Norm == NormPlacement.Pre ? 2 * width : 0);
        }
    }

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or two do not go together.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(Width, nameof(Width));
        NetworkCheck.AtLeastOne(Layers, nameof(Layers));
        NetworkCheck.AtLeastOne(Heads, nameof(Heads));
        NetworkCheck.AtLeastOne(FeedForwardWidth ?? 1, nameof(FeedForwardWidth));
        NetworkCheck.Dropout(Dropout);
        NetworkCheck.Require(Width % Heads == 0, $"Width is {Width} and Heads is {Heads}: the width must be a multiple of the number of heads.");
        NetworkCheck.Require(RotaryTheta is null or > 0, $"RotaryTheta is {RotaryTheta}: it must be above 0.");
        NetworkCheck.Require(
            RotaryTheta is null || HeadSize % 2 == 0,
            $"Width is {Width} and Heads is {Heads}: rotary positions turn pairs, so the size of a head, {HeadSize}, must be even.");
    }
}
