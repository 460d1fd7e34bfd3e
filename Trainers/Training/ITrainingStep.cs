using MLNetExt.Columns;

namespace MLNetExt.Training;

/// <summary>What one kind of training does with a batch. <see cref="TrainingLoop"/> does everything else.</summary>
/// <remarks>A step may run any number of forwards and keep state of its own: importance tables, moving averages,
/// private generators, rounds. Whatever the next batch depends on belongs in <see cref="SaveState"/>, or a resumed run
/// differs from an uninterrupted one. That holds for dropout too: its generator is part of the step's state.</remarks>
public interface ITrainingStep
{
    /// <summary>Runs forward and backward on the SUM of the batch's losses, so that gradients are added to what is there.</summary>
    /// <param name="batch">The batch, on the device of the parameters.</param>
    /// <returns>The sum and its weight. The loop divides the gradients by the total weight once per optimiser step, so that
    /// accumulating over n small batches equals one large batch.</returns>
    /// <remarks>Called inside a dispose scope. Gradients are added in place: a step must not set them to null.</remarks>
    StepLoss Accumulate(TensorBatch batch);

    /// <summary>Called after every optimiser step, without gradients, inside a dispose scope.</summary>
    void Finish();

    /// <summary>Writes the private state into a checkpoint.</summary>
    void SaveState(StepState state);

    /// <summary>Takes the private state back from a checkpoint.</summary>
    /// <param name="state">What <see cref="SaveState"/> wrote. Its tensors are on the CPU and live only during the call.</param>
    void LoadState(StepState state);
}
