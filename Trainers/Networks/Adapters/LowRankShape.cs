using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a network's low-rank adapters.</summary>
/// <param name="Rank">The number r of directions in which a layer's weights can change, at least 1.</param>
/// <param name="Alpha">α: the change is multiplied by α / r; above 0.</param>
/// <param name="Dropout">The share of an adapter's inputs that is zeroed in training, in [0, 1).</param>
/// <param name="Attention">Whether both layers of each attention are adapted.</param>
/// <param name="FeedForward">Whether both feed-forward layers of each block are.</param>
internal sealed record LowRankShape(int Rank, double Alpha, double Dropout, bool Attention, bool FeedForward)
{
    /// <summary>What the change is multiplied by.</summary>
    [JsonIgnore]
    public double Scale => Alpha / Rank;

    /// <summary>The number of the adapters' weights in a stack of blocks: r for each input and each output of a layer.</summary>
    public Int128 WeightCount(TransformerOptions blocks)
    {
        Int128 width = blocks.Width, queries = blocks.QueryWidth, keys = blocks.KeyWidth, hidden = blocks.HiddenWidth;
        Int128 attention = width + queries + 2 * keys + queries + width;
        Int128 feedForward = width + (blocks.IsGated ? 2 * hidden : hidden) + hidden + width;
        return (Int128)Rank * blocks.Layers * ((Attention ? attention : 0) + (FeedForward ? feedForward : 0));
    }

    /// <summary>Makes sure that there are adapters of this shape.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(Rank, nameof(Rank));
        NetworkCheck.Require(Alpha > 0 && double.IsFinite(Alpha), $"Alpha is {Alpha}: it must be above 0.");
        NetworkCheck.Dropout(Dropout);
        NetworkCheck.Require(Attention || FeedForward, "Neither Attention nor FeedForward is set: there would be no adapter.");
    }
}
