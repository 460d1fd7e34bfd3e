namespace MLNetExt.Evaluation;

/// <summary>Says how good completions are: a rule, a trained model, a judge. Thread-safe, if it is used by several threads.</summary>
public interface IReward
{
    /// <summary>Scores completions.</summary>
    /// <param name="completions">The completions with their prompts; several may have the same prompt.</param>
    /// <param name="cancellationToken">Ends scoring.</param>
    /// <returns>A score for each, in their order: the higher, the better. Only differences between completions of one prompt mean something.</returns>
    IReadOnlyList<double> Score(IReadOnlyList<PromptCompletion> completions, CancellationToken cancellationToken = default);
}
