namespace MLNetExt.Training;

/// <summary>Turns what happened since the last report into a <see cref="TrainingProgress"/>.</summary>
internal sealed class ProgressReporter(TrainingOptions options, LossMeter losses, TimeProvider clock, long firstStep, long steps)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly long _start = clock.GetTimestamp();
    private long _last = clock.GetTimestamp();
    private long _rows;

    /// <summary>Whether a report, and with it a look at the losses on the device, may be made again.</summary>
    public bool IsDue => clock.GetElapsedTime(_last) >= Interval;

    public void AddRows(int rows) => _rows += rows;

    public void Report(int epoch, bool isEpochEnd, long step, double learningRate, IReadOnlyList<ValidationMetric> validation)
    {
        var (loss, metrics) = losses.Take();
        var epochEnd = isEpochEnd ? losses.TakeEpoch() : default;
        var (elapsed, sinceLast) = (clock.GetElapsedTime(_start), clock.GetElapsedTime(_last));
        options.Progress?.Report(new TrainingProgress(
            epoch,
            options.Epochs,
            isEpochEnd,
            step,
            steps,
            loss,
            learningRate,
            metrics,
            validation,
            elapsed,
            step > firstStep ? elapsed * ((double)(steps - step) / (step - firstStep)) : null,
            sinceLast > TimeSpan.Zero ? _rows / sinceLast.TotalSeconds : 0,
            isEpochEnd ? epochEnd.Loss : null,
            epochEnd.Metrics));
        (_last, _rows) = (clock.GetTimestamp(), 0);
    }
}
