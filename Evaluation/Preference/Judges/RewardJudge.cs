namespace MLNetExt.Evaluation;

/// <summary>Prefers the completion with the higher reward; equal ones are a tie. The order has no say.</summary>
/// <param name="reward">The reward.</param>
public sealed class RewardJudge(IReward reward) : IPreferenceJudge
{
    private readonly IReward _reward = reward ?? throw new ArgumentNullException(nameof(reward));

    /// <summary>Makes a judge of a function.</summary>
    /// <param name="score">Gives the score of prompt and completion: the higher, the better.</param>
    public RewardJudge(Func<string, string, double> score)
        : this(new DelegateReward(score))
    {
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A reward is NaN; the message names the row.</exception>
    public IReadOnlyList<PreferenceVerdict> Judge(IReadOnlyList<PreferenceQuestion> questions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        // Asked in both orders, each completion still has one score.
        PromptCompletion[] completions = [.. questions.SelectMany(question => new[] { First(question), Second(question) }).Distinct()];
        Dictionary<PromptCompletion, double> scores = completions.Zip(_reward.ScoreAll(completions, cancellationToken)).ToDictionary();
        return [.. questions.Select(question => scores[First(question)].CompareTo(scores[Second(question)]) switch
        {
            > 0 => PreferenceVerdict.First,
            < 0 => PreferenceVerdict.Second,
            _ => PreferenceVerdict.Tie,
        })];
    }

    private static PromptCompletion First(PreferenceQuestion question) => new(question.Row, question.Prompt, question.First);

    private static PromptCompletion Second(PreferenceQuestion question) => new(question.Row, question.Prompt, question.Second);
}
