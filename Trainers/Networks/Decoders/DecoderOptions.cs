using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a <see cref="DecoderNetwork"/>, of whatever family.</summary>
/// <param name="VocabularySize">Token ids are in [0, VocabularySize).</param>
/// <param name="ContextLength">How many tokens of a row are read at most.</param>
/// <param name="Transformer">The blocks; causal, with the norm at each sublayer's input.</param>
/// <param name="HasLearnedPositions">Whether each position has a learned vector that is added to the token's.</param>
/// <param name="IsHeadTied">Whether the head's weights are those of the token embedding.</param>
internal sealed record DecoderOptions(
    int VocabularySize, int ContextLength, TransformerOptions Transformer, bool HasLearnedPositions, bool IsHeadTied)
{
    private const double DefaultDeviation = 0.02;

    /// <summary>The standard deviation of the embeddings' and the head's initial weights: those of the blocks, or 0.02.</summary>
    [JsonIgnore]
    public double EmbeddingDeviation => Transformer.InitialDeviation ?? DefaultDeviation;

    /// <summary>The number of the network's weights; a tied head counts once.</summary>
    [JsonIgnore]
    public Int128 WeightCount
    {
        get
        {
            Int128 vectors = (Int128)VocabularySize * (IsHeadTied ? 1 : 2) + (HasLearnedPositions ? ContextLength : 0);
            return vectors * Transformer.Width + Transformer.WeightCount;
        }
    }

    /// <summary>The same shape with another dropout.</summary>
    public DecoderOptions WithDropout(double dropout) => this with { Transformer = Transformer with { Dropout = dropout } };

    /// <summary>The family of GPT-2 (Radford et al., 2019): learned positions, LayerNorm, GELU by tanh, biases, a tied head.</summary>
    /// <param name="vocabularySize">The number of tokens; 50,257 in the published models.</param>
    /// <param name="contextLength">The longest row; 1,024.</param>
    /// <param name="width">The size of a token's vector; 768 in the smallest.</param>
    /// <param name="layers">The number of blocks; 12.</param>
    /// <param name="heads">The number of attention heads; 12.</param>
    /// <param name="feedForwardWidth">The width between the feed-forward layers; null for four times <paramref name="width"/>.</param>
    /// <param name="dropout">The share of the embeddings and of each sublayer's outputs that is zeroed in training.</param>
    public static DecoderOptions Gpt2(
        int vocabularySize, int contextLength, int width, int layers, int heads, int? feedForwardWidth = null, double dropout = 0) => new(
            vocabularySize,
            contextLength,
            new TransformerOptions(
                width, layers, heads, feedForwardWidth, IsCausal: true, Dropout: dropout, Activation: Activation.GeluTanh, InitialDeviation: DefaultDeviation),
            HasLearnedPositions: true,
            IsHeadTied: true);

    /// <summary>The family of Llama (arXiv 2302.13971): rotary positions, RMSNorm, SwiGLU, no biases.</summary>
    /// <param name="vocabularySize">The number of tokens.</param>
    /// <param name="contextLength">The longest row.</param>
    /// <param name="width">The size of a token's vector.</param>
    /// <param name="layers">The number of blocks.</param>
    /// <param name="heads">The number of attention heads.</param>
    /// <param name="feedForwardWidth">The width of the gated layer; null for 8/3 of <paramref name="width"/>, which has as many weights
    /// as four times the width without a gate, rounded up to a multiple of 8.</param>
    /// <param name="keyValueHeads">The number of heads of keys and values; null for <paramref name="heads"/>.</param>
    /// <param name="theta">The base of the rotary frequencies.</param>
    /// <param name="isHeadTied">Whether the head shares the token embedding's weights.</param>
    /// <param name="dropout">The share of the embeddings and of each sublayer's outputs that is zeroed in training.</param>
    public static DecoderOptions Llama(
        int vocabularySize,
        int contextLength,
        int width,
        int layers,
        int heads,
        int? feedForwardWidth = null,
        int? keyValueHeads = null,
        double theta = 10_000,
        bool isHeadTied = false,
        double dropout = 0) => new(
            vocabularySize,
            contextLength,
            new TransformerOptions(
                width,
                layers,
                heads,
                feedForwardWidth ?? checked((8 * width + 23) / 24 * 8),
                IsCausal: true,
                RotaryTheta: theta,
                Dropout: dropout,
                Activation: Activation.Silu,
                NormKind: NormKind.Rms,
                KeyValueHeads: keyValueHeads,
                IsGated: true,
                AttentionInputBias: false,
                AttentionOutputBias: false,
                FeedForwardBias: false,
                InitialDeviation: DefaultDeviation),
            HasLearnedPositions: false,
            IsHeadTied: isHeadTied);

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or two do not go together.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(VocabularySize, nameof(VocabularySize));
        NetworkCheck.AtLeastOne(ContextLength, nameof(ContextLength));
        Transformer.Check();
        NetworkCheck.Require(
            Transformer is { IsCausal: true, Norm: NormPlacement.Pre },
            "A decoder's tokens see only those before them, and its blocks normalise their inputs: IsCausal must be true and Norm be Pre.");
        NetworkCheck.Require(
            HasLearnedPositions || Transformer.RotaryTheta is not null,
            "The network would not know where a token stands: set HasLearnedPositions, or RotaryTheta.");
    }
}
