using System.Text.Json.Serialization;

namespace MLNetExt.Contrastive;

/// <summary>Which loss a two-tower trainer minimises.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContrastiveLoss>))]
public enum ContrastiveLoss
{
    /// <summary>Each pair of a batch by itself: match or not (SigLIP, arXiv 2303.15343).</summary>
    Sigmoid,

    /// <summary>Each row of a batch against all: which of them is its match (CLIP, arXiv 2103.00020).</summary>
    Softmax,
}
