namespace MLNetExt.Evaluation;

/// <summary>A reward that a function of prompt and completion computes.</summary>
/// <param name="score">Gives the score: the higher, the better.</param>
public sealed class DelegateReward(Func<string, string, double> score) : IReward
{
    private readonly Func<string, string, double> _score = score ?? throw new ArgumentNullException(nameof(score));

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<PromptCompletion> completions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(completions);
        var scores = new double[completions.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores[i] = _score(completions[i].Prompt, completions[i].Completion);
        }
        return scores;
    }
}
