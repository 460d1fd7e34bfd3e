using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a stack of transformer blocks.</summary>
/// <param name="Width">The size of a token's vector; a multiple of <paramref name="Heads"/> unless <paramref name="HeadWidth"/> is given.</param>
/// <param name="Layers">The number of blocks, at least 1.</param>
/// <param name="Heads">The number of attention heads, at least 1.</param>
/// <param name="FeedForwardWidth">The width between the two feed-forward layers; null for four times <paramref name="Width"/>.</param>
/// <param name="IsCausal">Whether a token attends only to itself and those before it.</param>
/// <param name="Norm">Where blocks normalise.</param>
/// <param name="RotaryTheta">The base of the rotary position embedding, above 0; null for none.</param>
/// <param name="Dropout">The share of each sublayer's outputs that is zeroed in training, in [0, 1).</param>
/// <param name="Activation">The non-linearity between the two feed-forward layers.</param>
/// <param name="NormKind">How blocks normalise.</param>
/// <param name="NormEpsilon">What the norm adds to the variance or the mean square, above 0.</param>
/// <param name="KeyValueHeads">The number of heads of keys and values, which divides <paramref name="Heads"/>: each serves as many consecutive
/// query heads (grouped-query attention, arXiv 2305.13245); null for one each.</param>
/// <param name="HeadWidth">The size of one head's vectors; null for <paramref name="Width"/> / <paramref name="Heads"/>.</param>
/// <param name="IsGated">Whether the feed-forward layers are gated (arXiv 2002.05202): (activation(x G) ∘ x U) D, SwiGLU with <see cref="Activation.Silu"/>.</param>
/// <param name="AttentionInputBias">Whether the projections to queries, keys and values have a bias.</param>
/// <param name="AttentionOutputBias">Whether the projection behind the attention has a bias.</param>
/// <param name="FeedForwardBias">Whether the feed-forward layers have biases.</param>
/// <param name="RotaryScaling">How the rotary frequencies are changed for longer contexts; null when they are not.</param>
/// <param name="InitialDeviation">The standard deviation of the layers' initial weights, divided by √(2 layers) where a sublayer ends (GPT-2: 0.02);
/// null for one over the root of a layer's inputs, divided alike, so that the signal keeps its size.</param>
internal sealed record TransformerOptions(
    int Width,
    int Layers,
    int Heads,
    int? FeedForwardWidth = null,
    bool IsCausal = false,
    NormPlacement Norm = NormPlacement.Pre,
    double? RotaryTheta = null,
    double Dropout = 0,
    Activation Activation = Activation.Gelu,
    NormKind NormKind = NormKind.Layer,
    double NormEpsilon = 1e-5,
    int? KeyValueHeads = null,
    int? HeadWidth = null,
    bool IsGated = false,
    bool AttentionInputBias = true,
    bool AttentionOutputBias = true,
    bool FeedForwardBias = true,
    RotaryScaling? RotaryScaling = null,
    double? InitialDeviation = null)
{
    /// <summary>The size of one head's vectors.</summary>
    [JsonIgnore]
    public int HeadSize => HeadWidth ?? Width / Heads;

    /// <summary>The number of components of all heads' queries.</summary>
    [JsonIgnore]
    public int QueryWidth => checked(Heads * HeadSize);

    /// <summary>The number of components of all heads' keys, and of their values.</summary>
    [JsonIgnore]
    public int KeyWidth => checked((KeyValueHeads ?? Heads) * HeadSize);

    /// <summary>The width between the two feed-forward layers.</summary>
    [JsonIgnore]
    public int HiddenWidth => FeedForwardWidth ?? checked(4 * Width);

    /// <summary>The number of weights of all blocks and of the norm behind them.</summary>
    [JsonIgnore]
    public Int128 WeightCount
    {
        get
        {
            Int128 width = Width, hidden = FeedForwardWidth ?? 4 * width, heads = Heads, size = HeadSize;
            Int128 queries = heads * size, projected = queries + 2 * (KeyValueHeads ?? heads) * size, raised = IsGated ? 2 * hidden : hidden;
            Int128 attention = width * projected + queries * width + (AttentionInputBias ? projected : 0) + (AttentionOutputBias ? width : 0);
            Int128 feedForward = width * raised + hidden * width + (FeedForwardBias ? raised + width : 0);
            Int128 norm = NormKind == NormKind.Layer ? 2 * width : width;
            return Layers * (attention + feedForward + 2 * norm) + (Norm == NormPlacement.Pre ? norm : 0);
        }
    }

    /// <summary>The standard deviation of the initial weights of a layer with so many inputs.</summary>
    public double WeightDeviation(int inputs) => InitialDeviation ?? 1 / Math.Sqrt(inputs);

    /// <summary>The same where a sublayer ends: each adds to the residual stream, and the sum of all of them starts with the size of one.</summary>
    public double OutputDeviation(int inputs)
    {
        double branch = 1 / Math.Sqrt(2 * Layers);
        return InitialDeviation is { } deviation ? branch * deviation : branch / Math.Sqrt(inputs);
    }

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or two do not go together.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(Width, nameof(Width));
        NetworkCheck.AtLeastOne(Layers, nameof(Layers));
        NetworkCheck.AtLeastOne(Heads, nameof(Heads));
        NetworkCheck.AtLeastOne(FeedForwardWidth ?? 1, nameof(FeedForwardWidth));
        NetworkCheck.AtLeastOne(KeyValueHeads ?? 1, nameof(KeyValueHeads));
        NetworkCheck.AtLeastOne(HeadWidth ?? 1, nameof(HeadWidth));
        NetworkCheck.Dropout(Dropout);
        NetworkCheck.Require(HeadWidth is not null || Width % Heads == 0, $"Width is {Width} and Heads is {Heads}: the width must be a multiple of the number of heads.");
        NetworkCheck.Require(
            Heads % (KeyValueHeads ?? 1) == 0,
            $"Heads is {Heads} and KeyValueHeads is {KeyValueHeads}: each head of keys and values serves as many query heads, so it must divide their number.");
        NetworkCheck.Require(NetworkCheck.IsPositive(NormEpsilon), $"NormEpsilon is {NormEpsilon}: it must be above 0.");
        NetworkCheck.Require(InitialDeviation is null || (InitialDeviation >= 0 && double.IsFinite(InitialDeviation.Value)), $"InitialDeviation is {InitialDeviation}: it must be at least 0.");
        CheckRotary();
    }

    private void CheckRotary()
    {
        NetworkCheck.Require(RotaryTheta is not { } theta || NetworkCheck.IsPositive(theta), $"RotaryTheta is {RotaryTheta}: it must be above 0.");
        NetworkCheck.Require(
            RotaryTheta is null || HeadSize % 2 == 0,
            $"Width is {Width} and Heads is {Heads}: rotary positions turn pairs, so the size of a head, {HeadSize}, must be even.");
        NetworkCheck.Require(RotaryScaling is null || RotaryTheta is not null, "RotaryScaling is given without RotaryTheta: there are no rotary positions to scale.");
        RotaryScaling?.Check();
    }
}
