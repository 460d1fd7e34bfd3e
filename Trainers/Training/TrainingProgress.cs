namespace MLNetExt.Training;

/// <summary>Where a training run stands.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The number of epochs asked for.</param>
/// <param name="IsEpochEnd">Whether the epoch has just ended.</param>
/// <param name="Step">Optimiser steps made.</param>
/// <param name="Steps">Optimiser steps the run makes unless it stops early.</param>
/// <param name="Loss">The training loss per weight since the last report; NaN when nothing was trained since.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="Metrics">The step's own training metrics since the last report, without those that nothing was measured of.</param>
/// <param name="Validation">The validation metrics when a validation has just ended, otherwise empty; the first is the criterion.</param>
/// <param name="Elapsed">Time since the run began or resumed.</param>
/// <param name="Remaining">The estimated time to the last step; null before the first step.</param>
/// <param name="RowsPerSecond">Rows trained on per second since the last report.</param>
/// <param name="EpochLoss">At an epoch's end, the training loss per weight in the epoch, or in what was trained of it since a
/// resume; otherwise null.</param>
/// <param name="EpochMetrics">The same of <paramref name="Metrics"/>.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    bool IsEpochEnd,
    long Step,
    long Steps,
    double Loss,
    double LearningRate,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<ValidationMetric> Validation,
    TimeSpan Elapsed,
    TimeSpan? Remaining,
    double RowsPerSecond,
    double? EpochLoss = null,
    IReadOnlyDictionary<string, double>? EpochMetrics = null);
