namespace MLNetExt.Evaluation;

/// <summary>Says which of two completions is better.</summary>
public interface IPreferenceJudge
{
    /// <summary>Answers questions, each for itself: a judge that tells completions by their order shows it when it is asked in both.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="cancellationToken">Ends judging.</param>
    /// <returns>A verdict for each, in their order.</returns>
    IReadOnlyList<PreferenceVerdict> Judge(IReadOnlyList<PreferenceQuestion> questions, CancellationToken cancellationToken = default);
}
