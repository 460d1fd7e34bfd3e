namespace MLNetExt.Tests.Evaluation;

/// <summary>Progress that is recorded where it is reported, in order.</summary>
internal sealed class Recorder<T>(Action<T>? onReport = null) : IProgress<T>
{
    public List<T> Reports { get; } = [];

    public void Report(T value)
    {
        Reports.Add(value);
        onReport?.Invoke(value);
    }
}
