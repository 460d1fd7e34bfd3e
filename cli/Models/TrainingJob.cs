using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Torch;
using MLNetExt.Training;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace MLNetExt.Cli.Models;

/// <summary>From a file to a saved, measured model.</summary>
internal sealed class TrainingJob(Terminal terminal, TrainingDataRequest request, SquentropyOptions options, string modelPath)
{
    /// <summary>Where checkpoints are kept.</summary>
    public required CheckpointFolder Checkpoints { get; init; }

    /// <summary>How many threads compute; 0 for torch's own choice.</summary>
    public int Threads { get; init; }

    /// <exception cref="UserErrorException">The data or an option cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The user cancelled.</exception>
    public TrainingOutcome Run()
    {
        var clock = Stopwatch.StartNew();
        ModelFile.RequireWritable(modelPath);
        Checkpoints.Apply(options.Training);
        MLContext ml = Contexts.Create(terminal, options.Seed);
        TrainingData data = TrainingData.Open(ml, request, options.Seed ?? 0, terminal.Cancellation);
        foreach (string column in data.Plan.Empty)
            terminal.Warn($"the column '{column}' is empty and left out.");

        LibTorch.EnsureLoaded();
        if (Threads > 0)
            TorchSharp.torch.set_num_threads(Threads);

        (TransformerChain<ITransformer> model, SquentropyModel weights, int epochs) =
            CheckpointFolder.Guard(() => TrainingDisplay.Run(terminal, progress => Fit(ml, data, progress)));
        using (model)
        {
            ModelFile.Save(ml, model, data.Plan.InputSchema(), modelPath);
            Checkpoints.CleanUp();

            // The model is saved and its checkpoints are gone: a cancellation has nothing left to go on from.
            ClassificationReport? test = data.Test is { } rows
                ? ClassificationReport.Measure(new ScoredRows(model, rows), request.Label, CancellationToken.None)
                : null;
            long testRows = request.TestFraction > 0 && test is not null ? test.Calibration.RowCount + test.Calibration.SkippedRows : 0;
            return new TrainingOutcome(
                modelPath, data.Plan, weights.ClassCount, data.Rows - testRows, epochs, weights.Temperature, clock.Elapsed, test);
        }
    }

    private (TransformerChain<ITransformer> Model, SquentropyModel Weights, int Epochs) Fit(
        MLContext ml, TrainingData data, IProgress<TrainingProgress> progress)
    {
        var epochs = new EpochCounter(progress);
        options.LabelColumnName = request.Label;
        options.FeatureColumnName = FeaturePipeline.Output;
        options.Training.Progress = epochs;
        options.Training.CancellationToken = terminal.Cancellation;

        // The label's keys stay out of the saved model: a served model must not ask for the answer.
        IDataView train = ml.Transforms.Conversion.MapValueToKey(request.Label, keyOrdinality: KeyOrdinality.ByValue).Fit(data.Train).Transform(data.Train);
        ITransformer features = FeaturePipeline.Create(ml, data.Plan).Fit(train);
        SquentropyTransformer classifier = ml.MulticlassClassification.Trainers.Squentropy(options).Fit(features.Transform(train));
        ITransformer toText = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(classifier.Transform(features.Transform(train)));
        return (new TransformerChain<ITransformer>(features, classifier, toText), classifier.Model, epochs.Last);
    }

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
