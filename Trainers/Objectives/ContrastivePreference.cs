using static TorchSharp.torch.nn.functional;

namespace MLNetExt.Objectives;

/// <summary>Contrastive preference optimisation (CPO): the model's own log-probabilities are compared, without a reference model, and the chosen completion is fine-tuned on beside.</summary>
/// <remarks>
/// Xu, Sharaf, Chen, Tan, Shen, Van Durme, Murray and Kim, "Contrastive preference optimization: pushing the boundaries of LLM performance in machine translation", ICML 2024,
/// arXiv 2401.08417. With log-probabilities π summed over tokens and the length |·| of the chosen completion w and the rejected one l,
/// <code>L = −log σ(β·(π(w) − π(l))) − α·π(w)/|w|</code>
/// with the mean over pairs. Gradients: ∂L/∂π(w) = −β·σ(−β·(π(w) − π(l))) − α/|w|, ∂L/∂π(l) = β·σ(−β·(π(w) − π(l))).
/// <para>The mean over the chosen completion's tokens is TRL's reading of the second term, where TRL takes one mean over all tokens of a batch.</para>
/// </remarks>
public sealed class ContrastivePreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">β, finite and greater than 0.</param>
    /// <param name="alpha">α, the weight of fine-tuning on the chosen completion, finite and not negative.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public ContrastivePreference(double beta = 0.1, double alpha = 1)
    {
        Beta = ParameterCheck.Positive(beta);
        Alpha = ParameterCheck.NotNegative(alpha);
    }

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    /// <remarks>The weight is the number of pairs. The rewards of the metrics are β·π.</remarks>
    public PreferenceSum Sum(CompletionScores scores)
    {
        var rewards = Beta * scores.Sums;
        var (chosen, rejected) = scores.Pairs(rewards);
        return PreferenceSum.OfPairs(scores, -logsigmoid(chosen - rejected) - Alpha * scores.Pairs(scores.Means).Chosen, rewards);
    }
}
