using System.Text.Json.Serialization;

namespace MLNetExt.Training;

/// <summary>The optimisers of <see cref="TrainingLoop"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OptimizerKind>))]
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with Nesterov momentum, in the form of Sutskever et al. (2013) that
    /// PyTorch uses; weight decay is added to the gradient.</summary>
    SgdNesterov,
}
