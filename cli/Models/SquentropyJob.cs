using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.Cli.Data;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace MLNetExt.Cli.Models;

/// <summary>Trains a classifier.</summary>
internal sealed class SquentropyJob(RunRequest run, TrainingDataRequest request, SquentropyOptions options)
    : TrainingJob(run, options.Training, options.Seed ?? 0)
{
    private const string Features = "Features";
    private TrainingData _data = null!;
    private SquentropyModel _weights = null!;

    protected override IEnumerable<(string Name, string Source, DataKind Kind)> Open(MLContext ml)
    {
        _data = TrainingData.Open(ml, request, Seed, Request.Terminal.Cancellation);
        _data.Plan.WarnOfEmptyColumns(Request.Terminal);
        return _data.Plan.Sources;
    }

    protected override TransformerChain<ITransformer> Fit(MLContext ml)
    {
        options.LabelColumnName = request.Label;
        options.FeatureColumnName = Features;

        // The label's keys stay out of the saved model: a served model must not ask for the answer.
        IDataView train = ml.Transforms.Conversion.MapValueToKey(request.Label, keyOrdinality: KeyOrdinality.ByValue).Fit(_data.Train).Transform(_data.Train);
        ITransformer features = FeaturePipeline.Create(ml, _data.Plan, Features).Fit(train);
        SquentropyTransformer classifier = ml.MulticlassClassification.Trainers.Squentropy(options).Fit(features.Transform(train));
        ITransformer toText = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(classifier.Transform(features.Transform(train)));
        _weights = classifier.Model;
        return new TransformerChain<ITransformer>(features, classifier, toText);
    }

    protected override ITrainingOutcome Measure(MLContext ml, TransformerChain<ITransformer> model, int epochs, Stopwatch clock)
    {
        ClassificationReport? test = _data.Test is { } rows
            ? ClassificationReport.Measure(new ScoredRows(model, rows), request.Label, CancellationToken.None)
            : null;
        long testRows = request.Test.Fraction > 0 && test is not null ? test.Calibration.RowCount + test.Calibration.SkippedRows + test.RowsWithoutPrediction : 0;
        return new SquentropyOutcome(Request.Model, _data.Plan, _weights.ClassCount, _data.Rows - testRows, epochs, _weights.Temperature, clock.Elapsed, test);
    }
}
