using Microsoft.ML.SearchSpace;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.LanguageModeling;

/// <summary>The network of a language model that is trained from scratch.</summary>
public sealed class CausalNetworkOptions
{
    /// <summary>The family, which decides positions, norms, activations and biases.</summary>
    public DecoderFamily Family { get; set; } = DecoderFamily.Llama;

    /// <summary>The most tokens that the model reads at once; at least 1. Training rows may have one more, which is predicted.</summary>
    public int ContextLength { get; set; } = 256;

    /// <summary>The size of a token's vector; a multiple of <see cref="Heads"/>.</summary>
    [Choice(64, 128, 256, 512)]
    public int Width { get; set; } = 256;

    /// <summary>The number of blocks; at least 1.</summary>
    [Range(1, 24, 4)]
    public int Layers { get; set; } = 4;

    /// <summary>Attention heads.</summary>
    public int Heads { get; set; } = 4;

    /// <summary>Heads of keys and values, which divide <see cref="Heads"/> (grouped-query attention, arXiv 2305.13245); 0 for as many. Llama alone.</summary>
    public int KeyValueHeads { get; set; }

    /// <summary>The width between the feed-forward layers; 0 for the family's own: 4 times the width, or for Llama, whose gate is a third
    /// matrix, 8/3 of it, rounded up to a multiple of 8.</summary>
    public int FeedForwardWidth { get; set; }

    /// <summary>Whether the matrix that embeds tokens is also the one that predicts them.</summary>
    public bool TieEmbeddings { get; set; } = true;

    /// <summary>The base of Llama's rotary positions; above 0.</summary>
    public double RotaryTheta { get; set; } = 10_000;

    /// <summary>The share of each sublayer's outputs that is dropped in training; in [0, 1).</summary>
    [Range(0.0, 0.5, 0.0)]
    public double Dropout { get; set; }

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        Require(Enum.IsDefined(Family), Family, string.Join(" or ", Enum.GetNames<DecoderFamily>()));
        Require(ContextLength >= 1, ContextLength, "at least 1");
        Require(Width >= 1, Width, "at least 1");
        Require(Layers >= 1, Layers, "at least 1");
        Require(Heads >= 1 && Width % Heads == 0, Heads, $"a divisor of the width, {Width}");
        Require(KeyValueHeads == 0 || (KeyValueHeads > 0 && Heads % KeyValueHeads == 0), KeyValueHeads, $"0 or a divisor of the {Heads} heads");
        Require(KeyValueHeads == 0 || Family == DecoderFamily.Llama, KeyValueHeads, $"0 for {Family}, whose heads have keys of their own");
        Require(FeedForwardWidth >= 0, FeedForwardWidth, "at least 0");
        Require(IsPositive(RotaryTheta), RotaryTheta, "above 0");
        Require(Family != DecoderFamily.Llama || Width / Heads % 2 == 0, Heads, $"such that the width of a head, {Width / Heads}, is even: rotary positions turn pairs");
        Require(Dropout is >= 0 and < 1, Dropout, "in [0, 1)");
    }
}
