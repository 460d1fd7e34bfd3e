using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of an <see cref="EncoderNetwork"/>.</summary>
/// <param name="VocabularySize">Token ids are in [0, VocabularySize).</param>
/// <param name="ContextLength">How many tokens of a row are read at most: the number of learned positions.</param>
/// <param name="Transformer">The blocks; not causal and without rotary positions.</param>
/// <param name="TokenTypes">How many kinds of token there are, at least 1, such as those of the first and of the second sentence.</param>
/// <param name="HasEmbeddingNorm">Whether the sum of the embeddings is normalised, as in BERT.</param>
/// <param name="HasPooler">Whether there is a layer that makes one vector of a row's first token, as in BERT.</param>
/// <param name="HasLocalStem">Whether each token first receives its neighbours' embeddings: see <see cref="LocalStem"/>.</param>
internal sealed record EncoderOptions(
    int VocabularySize,
    int ContextLength,
    TransformerOptions Transformer,
    int TokenTypes = 2,
    bool HasEmbeddingNorm = true,
    bool HasPooler = false,
    bool HasLocalStem = false)
{
    /// <summary>The standard deviation of the embeddings' initial weights: 1/√width, at which the head, whose matrix is theirs, starts with scores of variance 1.</summary>
    /// <remarks>BERT has 0.02 for a width of 768 and a rate of 1e-4. With it the first steps of a narrow network at a higher rate move all vectors further than they lie apart, and it stays long on
    /// the plateau of the tokens' frequencies.</remarks>
    [JsonIgnore]
    public double EmbeddingDeviation => 1 / Math.Sqrt(Transformer.Width);

    /// <summary>The number of the network's weights, the head's included; its matrix is that of the token embedding.</summary>
    [JsonIgnore]
    public Int128 WeightCount
    {
        get
        {
            Int128 width = Transformer.Width, norm = Transformer.NormKind == NormKind.Layer ? 2 * width : width, dense = (width + 1) * width;
            Int128 vectors = (Int128)VocabularySize + ContextLength + TokenTypes, head = dense + norm + VocabularySize;
            return vectors * width + (HasEmbeddingNorm ? norm : 0) + (HasLocalStem ? LocalStem.WeightCount(Transformer.Width) : 0)
                + Transformer.WeightCount + (HasPooler ? dense : 0) + head;
        }
    }

    /// <summary>The same shape with another dropout.</summary>
    public EncoderOptions WithDropout(double dropout) => this with { Transformer = Transformer with { Dropout = dropout } };

    /// <summary>The family of BERT (arXiv 1810.04805): norms behind each sublayer and behind the embeddings, learned positions, GELU.</summary>
    /// <param name="vocabularySize">The number of tokens; 30,522 in the published English models.</param>
    /// <param name="contextLength">The longest row; 512.</param>
    /// <param name="width">The size of a token's vector; 768 in the base model.</param>
    /// <param name="layers">The number of blocks; 12.</param>
    /// <param name="heads">The number of attention heads; 12.</param>
    /// <param name="feedForwardWidth">The width between the feed-forward layers; null for four times <paramref name="width"/>.</param>
    /// <param name="tokenTypes">How many kinds of token there are; 2.</param>
    /// <param name="hasPooler">Whether there is a layer that makes one vector of a row's first token.</param>
    /// <param name="dropout">The share of the embeddings and of each sublayer's outputs that is zeroed in training; 0.1.</param>
    public static EncoderOptions Bert(
        int vocabularySize,
        int contextLength,
        int width,
        int layers,
        int heads,
        int? feedForwardWidth = null,
        int tokenTypes = 2,
        bool hasPooler = false,
        double dropout = 0) => new(
            vocabularySize,
            contextLength,
            new TransformerOptions(
                width,
                layers,
                heads,
                feedForwardWidth ?? checked(4 * width),
                Norm: NormPlacement.Post,
                Dropout: dropout,
                NormEpsilon: 1e-12,
                InitialDeviation: 0.02),
            tokenTypes,
            HasPooler: hasPooler);

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or two do not go together.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(VocabularySize, nameof(VocabularySize));
        NetworkCheck.AtLeastOne(ContextLength, nameof(ContextLength));
        NetworkCheck.AtLeastOne(TokenTypes, nameof(TokenTypes));
        Transformer.Check();
        NetworkCheck.Require(
            Transformer is { IsCausal: false, RotaryTheta: null },
            "An encoder's tokens see each other and have learned positions: IsCausal must be false and RotaryTheta null.");
    }
}
