using System.Text.Json.Serialization;

namespace MLNetExt.LanguageModeling;

/// <summary>The layers of a decoder-only transformer that have low-rank adapters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdaptedLayers>))]
public enum AdaptedLayers
{
    /// <summary>All linear layers of every block.</summary>
    All,

    /// <summary>The projections to queries, keys and values, and the one behind the attention: the layers that the paper studies.</summary>
    Attention,

    /// <summary>The feed-forward layers.</summary>
    FeedForward,
}
