using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Torch;
using MLNetExt.Training;

namespace MLNetExt.Cli.Models;

/// <summary>From a file to a saved, measured model: what all trainers have in common.</summary>
/// <param name="run">What every run is told.</param>
/// <param name="training">The options of the training loop; progress, cancellation and checkpoints are set here.</param>
/// <param name="seed">Decides all that is random.</param>
internal abstract class TrainingJob(RunRequest run, TrainingOptions training, int seed)
{
    /// <summary>What the run was told.</summary>
    protected RunRequest Request { get; } = run;

    /// <summary>Decides all that is random.</summary>
    protected int Seed { get; } = seed;

    /// <exception cref="UserErrorException">The data or an option cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The user cancelled.</exception>
    public ITrainingOutcome Run()
    {
        var clock = Stopwatch.StartNew();
        ModelFile.RequireWritable(Request.Model);
        Request.Checkpoints.Apply(training);
        MLContext ml = Contexts.Create(Request.Terminal, Seed);
        IEnumerable<(string Name, string Source, DataKind Kind)> inputs = Open(ml);

        LibTorch.EnsureLoaded();
        if (Request.Threads > 0)
            TorchSharp.torch.set_num_threads(Request.Threads);
        training.CancellationToken = Request.Terminal.Cancellation;
        (TransformerChain<ITransformer> model, int epochs) = CheckpointFolder.Guard(() => TrainingDisplay.Run(Request.Terminal, progress =>
        {
            var counter = new EpochCounter(progress);
            training.Progress = counter;
            return (Fit(ml), counter.Last);
        }));
        using (model)
        {
            ModelFile.Save(ml, model, TableLoader.Schema(inputs), Request.Model);
            Request.Checkpoints.CleanUp();

            // The model is saved and its checkpoints are gone: a cancellation has nothing left to go on from.
            return Measure(ml, model, epochs, clock);
        }
    }

    /// <summary>Opens the data.</summary>
    /// <returns>The columns that the model will read.</returns>
    protected abstract IEnumerable<(string Name, string Source, DataKind Kind)> Open(MLContext ml);

    /// <summary>Trains.</summary>
    protected abstract TransformerChain<ITransformer> Fit(MLContext ml);

    /// <summary>Measures the model on the test part, when there is one.</summary>
    protected abstract ITrainingOutcome Measure(MLContext ml, TransformerChain<ITransformer> model, int epochs, Stopwatch clock);

    private sealed class EpochCounter(IProgress<TrainingProgress> next) : IProgress<TrainingProgress>
    {
        public int Last { get; private set; }

        public void Report(TrainingProgress value)
        {
            Last = value.Epoch;
            next.Report(value);
        }
    }
}
