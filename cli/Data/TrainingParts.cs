using Microsoft.ML;

namespace MLNetExt.Cli.Data;

/// <summary>The parts of a training file.</summary>
/// <param name="Train">The rows to train on.</param>
/// <param name="Validation">The rows that choose the best epoch; null when the trainer draws its own, or does without.</param>
/// <param name="Test">The rows to measure on; null when there are none.</param>
internal sealed record TrainingParts(IDataView Train, IDataView? Validation, IDataView? Test);
