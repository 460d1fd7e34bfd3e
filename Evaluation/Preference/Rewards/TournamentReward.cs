namespace MLNetExt.Evaluation;

/// <summary>A reward from a judge: completions of one prompt play each other, in both orders, and score the share that they win, ties half.</summary>
/// <remarks>
/// Scores lie in [0, 1] and compare completions of one prompt within one call alone. n completions of a prompt take n (n − 1) questions; those of equal
/// text share a score. A prompt with a single completion scores 0.5. Unreadable answers count as ties.
/// </remarks>
/// <param name="judge">The judge.</param>
public sealed class TournamentReward(IPreferenceJudge judge) : IReward
{
    private readonly IPreferenceJudge _judge = judge ?? throw new ArgumentNullException(nameof(judge));

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<PromptCompletion> completions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(completions);
        PreferenceQuestion[] questions = [.. completions.Distinct().GroupBy(row => (row.Row, row.Prompt)).SelectMany(Games)];
        IReadOnlyList<PreferenceVerdict> verdicts = _judge.JudgeAll(questions, cancellationToken);
        var points = completions.Distinct().ToDictionary(row => row, _ => new List<double>());
        for (int i = 0; i < questions.Length; i++)
        {
            PreferenceQuestion question = questions[i];
            double first = verdicts[i] switch { PreferenceVerdict.First => 1, PreferenceVerdict.Second => 0, _ => 0.5 };
            points[new PromptCompletion(question.Row, question.Prompt, question.First)].Add(first);
            points[new PromptCompletion(question.Row, question.Prompt, question.Second)].Add(1 - first);
        }
        return [.. completions.Select(row => points[row].DefaultIfEmpty(0.5).Average())];
    }

    private static IEnumerable<PreferenceQuestion> Games(IEnumerable<PromptCompletion> players) =>
        from first in players
        from second in players
        where first != second
        select new PreferenceQuestion(first.Row, first.Prompt, first.Completion, second.Completion);
}
