using System.Text.Json.Serialization;

namespace MLNetExt.Classification;

/// <summary>Which loss a classifier minimises.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClassificationLoss>))]
public enum ClassificationLoss
{
    /// <summary>Cross-entropy plus the mean square of the wrong classes' logits (arXiv 2302.03952).</summary>
    Squentropy,

    /// <summary>Cross-entropy of the softmax, with optional label smoothing.</summary>
    CrossEntropy,

    /// <summary>The rescaled square loss, which uses no softmax (arXiv 2006.07322).</summary>
    RescaledSquare,
}
