namespace MLNetExt.Training;

/// <summary>Training was cancelled.</summary>
public sealed class TrainingCanceledException : OperationCanceledException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="step">Optimiser steps made before the cancellation.</param>
    /// <param name="checkpointPath">The checkpoint that was written, or null when no folder was set.</param>
    /// <param name="token">The token that was cancelled.</param>
    public TrainingCanceledException(long step, string? checkpointPath, CancellationToken token)
        : base(
            checkpointPath is null
                ? $"Training was cancelled after step {step}. Set {nameof(TrainingOptions.CheckpointFolder)} to be able to resume."
                : $"Training was cancelled after step {step}. Set {nameof(TrainingOptions.Resume)} to go on from '{checkpointPath}'.",
            token) => (Step, CheckpointPath) = (step, checkpointPath);

    /// <summary>Optimiser steps made before the cancellation.</summary>
    public long Step { get; }

    /// <summary>The checkpoint that was written; null when no folder was set.</summary>
    public string? CheckpointPath { get; }
}
