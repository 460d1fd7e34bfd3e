using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

/// <summary>A judge that answers as a function says, and remembers what it was asked.</summary>
internal sealed class RecordingJudge(Func<PreferenceQuestion, PreferenceVerdict> answer) : IPreferenceJudge
{
    public List<PreferenceQuestion> Questions { get; } = [];

    public IReadOnlyList<PreferenceVerdict> Judge(IReadOnlyList<PreferenceQuestion> questions, CancellationToken cancellationToken)
    {
        Questions.AddRange(questions);
        return [.. questions.Select(answer)];
    }
}
