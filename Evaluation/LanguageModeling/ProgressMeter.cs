namespace MLNetExt.Evaluation;

/// <summary>Adds up the progress of one stage.</summary>
internal sealed class ProgressMeter(IProgress<EvaluationProgress>? progress, EvaluationStage stage, long? documentCount)
{
    private long _documents;
    private long _tokens;

    /// <summary>Counts a document that is left out, and lets the next batch tell of it.</summary>
    public void LeaveOut() => _documents++;

    public void Add(int documents, long tokens)
    {
        _documents += documents;
        _tokens += tokens;
        progress?.Report(new EvaluationProgress(stage, _documents, documentCount, _tokens));
    }
}
