using Microsoft.ML.SearchSpace;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.LanguageModeling;

/// <summary>The network of an encoder that is trained from scratch.</summary>
public sealed class EncoderNetworkOptions
{
    /// <summary>Where the blocks normalise.</summary>
    public EncoderFamily Family { get; set; } = EncoderFamily.Bert;

    /// <summary>The most tokens of a row: the number of learned positions; at least 1.</summary>
    public int ContextLength { get; set; } = 128;

    /// <summary>The size of a token's vector; a multiple of <see cref="Heads"/>.</summary>
    [Choice(64, 128, 256, 512)]
    public int Width { get; set; } = 256;

    /// <summary>The number of blocks; at least 1, and at least 2 to drop tokens, which a search may choose.</summary>
    [Range(2, 24, 4)]
    public int Layers { get; set; } = 4;

    /// <summary>Attention heads.</summary>
    public int Heads { get; set; } = 4;

    /// <summary>The width between the feed-forward layers; 0 for 4 times the width.</summary>
    public int FeedForwardWidth { get; set; }

    /// <summary>The share of the embeddings and of each sublayer's outputs that is dropped in training; in [0, 1).</summary>
    [Range(0.0, 0.5, 0.1)]
    public double Dropout { get; set; } = 0.1;

    /// <summary>Whether each token first receives a linear map of its neighbours' embeddings, two on either side. Small networks over characters do not learn without; such an
    /// encoder is not BERT, and cannot be saved for Hugging Face.</summary>
    public bool LocalStem { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        Require(Enum.IsDefined(Family), Family, string.Join(" or ", Enum.GetNames<EncoderFamily>()));
        Require(ContextLength >= 1, ContextLength, "at least 1");
        Require(Width >= 1, Width, "at least 1");
        Require(Layers >= 1, Layers, "at least 1");
        Require(Heads >= 1 && Width % Heads == 0, Heads, $"a divisor of the width, {Width}");
        Require(FeedForwardWidth >= 0, FeedForwardWidth, "at least 0");
        Require(Dropout is >= 0 and < 1, Dropout, "in [0, 1)");
    }
}
