using Microsoft.ML.SearchSpace;
using MLNetExt.Networks;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.LanguageModeling;

/// <summary>Low-rank adapters, with which a trained language model learns on while its own weights stay as they are.</summary>
/// <remarks>
/// LoRA: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022, arXiv 2106.09685. A linear layer of the model,
/// y = x·W + b, becomes
/// <code>y = x·W + b + (α / r)·(dropout(x)·A)·B</code>
/// W and b are frozen, and so are embeddings, norms and head; A, <c>[inputs, r]</c>, starts normal with deviation 1/√inputs, and B,
/// <c>[r, outputs]</c>, at 0, so that training starts from the model as it is. Queries, keys and values have one A together,
/// and so have the two halves of a gated feed-forward layer.
/// </remarks>
public sealed class LowRankOptions
{
    /// <summary>The number r of directions in which a layer's weights can change; at least 1.</summary>
    [Range(2, 64, 8, true)]
    public int Rank { get; set; } = 8;

    /// <summary>α: the change is multiplied by α / r; above 0.</summary>
    [Range(1.0, 128.0, 16.0, true)]
    public double Alpha { get; set; } = 16;

    /// <summary>The share of an adapter's inputs that is dropped in training; in [0, 1).</summary>
    [Range(0.0, 0.5, 0.0)]
    public double Dropout { get; set; }

    /// <summary>The layers that are adapted.</summary>
    [Choice(AdaptedLayers.All, AdaptedLayers.Attention, AdaptedLayers.FeedForward)]
    public AdaptedLayers Layers { get; set; } = AdaptedLayers.All;

    /// <summary>Whether the trained model has the adapters merged into its weights, W + (α / r)·A·B, and is as fast as before; otherwise it
    /// keeps them apart, also when it is saved.</summary>
    public bool Merge { get; set; } = true;

    internal LowRankShape Shape => new(Rank, Alpha, Dropout, Layers != AdaptedLayers.FeedForward, Layers != AdaptedLayers.Attention);

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        Require(Rank >= 1, Rank, "at least 1");
        Require(IsPositive(Alpha), Alpha, "above 0");
        Require(Dropout is >= 0 and < 1, Dropout, "in [0, 1)");
        Require(Enum.IsDefined(Layers), Layers, string.Join(" or ", Enum.GetNames<AdaptedLayers>()));
    }
}
