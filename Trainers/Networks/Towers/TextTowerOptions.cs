using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a <see cref="TextTower"/>.</summary>
/// <param name="VocabularySize">Token ids are in [0, VocabularySize).</param>
/// <param name="MaxTokens">How many tokens of a row are read; the rest is cut off.</param>
/// <param name="EmbeddingSize">The number of outputs.</param>
/// <param name="Transformer">The blocks between.</param>
/// <param name="Pooling">How the tokens' vectors become one.</param>
internal sealed record TextTowerOptions(
    int VocabularySize, int MaxTokens, int EmbeddingSize, TransformerOptions Transformer, Pooling Pooling = Pooling.Mean)
{
    /// <summary>The number of the tower's weights.</summary>
    [JsonIgnore]
    public Int128 WeightCount
    {
        get
        {
            Int128 width = Transformer.Width, tokens = VocabularySize;
            return (tokens + 1 + MaxTokens) * width + Transformer.WeightCount + 2 * width + (width + 1) * EmbeddingSize;
        }
    }

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or two do not go together.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(VocabularySize, nameof(VocabularySize));
        NetworkCheck.AtLeastOne(MaxTokens, nameof(MaxTokens));
        NetworkCheck.AtLeastOne(EmbeddingSize, nameof(EmbeddingSize));
        Transformer.Check();
    }
}
