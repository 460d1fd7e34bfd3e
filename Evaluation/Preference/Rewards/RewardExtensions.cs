namespace MLNetExt.Evaluation;

/// <summary>What whoever uses an <see cref="IReward"/> asks of it.</summary>
public static class RewardExtensions
{
    /// <summary>Scores completions, and makes sure that each has a finite score.</summary>
    /// <inheritdoc cref="IReward.Score"/>
    /// <exception cref="InvalidOperationException">A score is NaN or infinite, or there is not one for each completion; the message names the row.</exception>
    public static IReadOnlyList<double> ScoreAll(this IReward reward, IReadOnlyList<PromptCompletion> completions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reward);
        ArgumentNullException.ThrowIfNull(completions);
        IReadOnlyList<double> scores = reward.Score(completions, cancellationToken);
        if (scores.Count != completions.Count)
            throw new InvalidOperationException($"The reward gave {scores.Count} scores for {completions.Count} completions.");
        for (int i = 0; i < scores.Count; i++)
        {
            if (!double.IsFinite(scores[i]))
                throw new InvalidOperationException($"The reward of a completion of the prompt in row {completions[i].Row} (0-based) is {scores[i]}: it must be a finite number.");
        }
        return scores;
    }
}
