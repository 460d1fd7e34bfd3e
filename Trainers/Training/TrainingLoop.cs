using MLNetExt.Columns;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Training;

/// <summary>The one training loop: epochs and steps, optimiser, warm-up and cosine, clipping, gradient accumulation,
/// validation, best weights, early stopping, checkpoints and exact resume, progress and cancellation.</summary>
/// <param name="network">Holds every parameter to train, and the buffers that belong to them. Its trainable parameters
/// become views of one buffer and must have one element type and one device. Parameters that need no gradient are left as they are and
/// not written into checkpoints: to resume, bring them as they were.</param>
/// <param name="step">What to do with a batch.</param>
/// <param name="options">The options; they are read, never changed.</param>
/// <remarks>On the CPU with one thread, an interrupted and resumed run gives bit for bit the weights of an uninterrupted
/// one, provided that the step saves all of its state and the source gives the same batches for the same epoch.</remarks>
public sealed class TrainingLoop(Module network, ITrainingStep step, TrainingOptions options)
{
    /// <summary>Measures the network after an epoch; null for no validation.</summary>
    public IValidator? Validator { get; init; }

    /// <summary>The group of a parameter, given its name.</summary>
    public Func<string, Tensor, ParameterGroup> Grouping { get; init; } = ParameterGroup.ByShape;

    /// <summary>What else changes the run, such as the batch size, the seed or a digest of the data: a resume with other
    /// values is refused.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Told about damaged checkpoints.</summary>
    public Action<string>? Warn { get; init; }

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal Module Network => network;

    internal ITrainingStep Step => step;

    internal TrainingOptions Options => options;

    /// <summary>Trains the network, and leaves it in evaluation mode.</summary>
    /// <param name="batches">The training part.</param>
    /// <exception cref="ArgumentException">An option, the network or the source cannot be used.</exception>
    /// <exception cref="TrainingCanceledException">The token was cancelled; what was computed is in a checkpoint.</exception>
    /// <exception cref="NonFiniteLossException">The loss became NaN or infinite; earlier checkpoints stay.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint folder belongs to a run with other settings.</exception>
    /// <exception cref="InvalidDataException">All checkpoints to resume from are damaged.</exception>
    public TrainingResult Run(IBatchSource batches)
    {
        options.Validate();
        if (batches.BatchesPerEpoch < 1)
        {
            throw new ArgumentException("The training data has no rows.", nameof(batches));
        }
        if (options.EarlyStoppingPatience > 0 && Validator is null)
        {
            throw new ArgumentException($"{nameof(TrainingOptions.EarlyStoppingPatience)} needs validation data.");
        }

        using var withGradients = enable_grad();
        using var run = new TrainingRun(this, batches);
        run.ResumeOrBegin();
        while (!run.IsFinished)
        {
            run.TrainEpoch();
            run.Validate();
            run.EndEpoch();
        }
        return run.Finish();
    }
}
