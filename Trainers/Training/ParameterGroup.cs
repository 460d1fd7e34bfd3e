using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>How the optimiser treats a parameter; parameters with equal values form a group.</summary>
/// <param name="WeightDecayFactor">Multiplies <see cref="TrainingOptions.WeightDecay"/>; 0 for none.</param>
/// <param name="LearningRateFactor">Multiplies the learning rate.</param>
public readonly record struct ParameterGroup(double WeightDecayFactor, double LearningRateFactor = 1)
{
    /// <summary>The usual grouping: matrices decay; biases, normalisation parameters and scalars do not.</summary>
    /// <param name="name">The parameter's name in its module.</param>
    /// <param name="parameter">The parameter.</param>
    public static ParameterGroup ByShape(string name, Tensor parameter) => new(parameter.dim() > 1 ? 1 : 0);
}
