namespace MLNetExt.Evaluation;

/// <summary>Asks judges, and makes sure that they answered.</summary>
internal static class JudgeCalls
{
    /// <exception cref="InvalidOperationException">The judge gave another number of verdicts, or one that is none.</exception>
    public static IReadOnlyList<PreferenceVerdict> JudgeAll(
        this IPreferenceJudge judge, IReadOnlyList<PreferenceQuestion> questions, CancellationToken cancellationToken)
    {
        IReadOnlyList<PreferenceVerdict> verdicts = judge.Judge(questions, cancellationToken);
        if (verdicts.Count != questions.Count)
            throw new InvalidOperationException($"The judge gave {verdicts.Count} verdicts for {questions.Count} questions.");
        for (int i = 0; i < verdicts.Count; i++)
        {
            if (!Enum.IsDefined(verdicts[i]))
                throw new InvalidOperationException($"The judge's verdict on the prompt in row {questions[i].Row} (0-based) is {verdicts[i]}, which is none.");
        }
        return verdicts;
    }
}
