using System.Globalization;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Fitting;

/// <summary>Passes progress on, and writes each epoch's end to the MLContext's log.</summary>
internal sealed class EpochLog(ComponentHost host, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.IsEpochEnd)
            host.Info(string.Create(CultureInfo.InvariantCulture, $"Epoch {value.Epoch} of {value.Epochs}: loss {value.EpochLoss:G5}{Metrics(value)}"));
        next?.Report(value);
    }

    private static string Metrics(TrainingProgress value) => string.Concat(
    [
        .. (value.EpochMetrics ?? value.Metrics).Select(m => string.Create(CultureInfo.InvariantCulture, $", {m.Key} {m.Value:G5}")),
        .. value.Validation.Select(m => string.Create(CultureInfo.InvariantCulture, $", validation {m.Name} {m.Value:G5}")),
    ]);
}
