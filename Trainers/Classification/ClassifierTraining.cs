using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Networks;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One Fit of a <see cref="SquentropyClassifier"/>: reads the data, builds network and objective, runs the loop, calibrates.</summary>
internal sealed class ClassifierTraining : TrainerFit<ClassifierRows>
{
    private readonly SquentropyOptions _options;
    private readonly ComponentDescription? _network;
    private readonly LabelColumn _label;

    public ClassifierTraining(ComponentHost host, SquentropyOptions options, IDataView trainData, IDataView? validationData)
        : base(host, options)
    {
        _options = options;
        _network = options.Network is null ? null : ComponentDescription.Of(options.Network);
        _label = LabelColumn.Of(trainData.Schema, options.LabelColumnName);
        if (validationData is not null)
            RequireSameColumns(trainData, validationData);
        Read(trainData, validationData, options.ValidationShare());
    }

    protected override string NoRows => "The training data has no rows with a label and a weight above 0.";

    /// <summary>Trains, and hands over the model, which the caller owns.</summary>
    public SquentropyModel Run()
    {
        ClassifierShape shape = ClassifierShape.Of(_options, _network, Training.Columns[0], _label.ClassCount);
        ClassifierNetwork network = shape.CreateNetwork(_options.Network, Scaler(shape), Generator);
        try
        {
            network.to(Device);
            return new SquentropyModel(network, shape, _label.Values, Train(network));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private double Train(ClassifierNetwork network)
    {
        IReadOnlyList<ClassificationTask> tasks = ClassificationTask.Of(_options, [_label], Seen.Labels, Host);
        IReadOnlyList<Tensor> Forward(TensorBatch batch) => [network.Forward(batch, _options.FeatureColumnName)];
        // A user's network may hold torch's own dropout, which draws from the global generator.
        IReadOnlyList<Tensor> ForwardInTraining(TensorBatch batch) => _options.Network is null ? Forward(batch) : GlobalGenerator.Lend(Generator, () => Forward(batch));
        ClassificationValidator? validator = Validation is null ? null : new(Forward, tasks, _options.ExampleWeightColumnName, Validation, Device, Cancellation.LookAtHost);
        var step = new ClassificationStep(ForwardInTraining, tasks, _options.ExampleWeightColumnName, Generator, Cancellation.LookAtHost);
        Train(network, step, validator);
        return _options.TemperatureScaling ? validator!.FitTemperatures(Host.Warn, Cancellation.Token)[0] : 1;
    }

    protected override (BatchSource Rows, ClassifierRows Seen) Open(IDataView data, RowSplit? split, bool isTraining)
    {
        VectorLayout layout = isTraining ? VectorLayout.Auto : Training.Columns[0].IsSparse ? VectorLayout.Sparse : VectorLayout.Dense;
        IReadOnlyList<BatchColumn> columns = ClassifierRows.Columns(_options, _label, layout);
        BoundColumn[] bound = [.. columns.Select(c => c.Bind(data.Schema))];
        var seen = new ClassifierRows(_options, _label, bound, split, Host);
        return (Open(data, columns, seen, isTraining), seen);
    }

    private void RequireSameColumns(IDataView trainData, IDataView validationData)
    {
        int Width(IDataView data) => BatchColumn.Vector(_options.FeatureColumnName).Bind(data.Schema).Width;
        if (Width(trainData) != Width(validationData))
            throw new ArgumentException(
                $"Column '{_options.FeatureColumnName}' has {Width(trainData)} slots in the training data, but {Width(validationData)} in the validation data.");
        _label.RequireSameIn(validationData.Schema);
    }

    protected override void CheckRows() => Seen.Labels.RequireDifference(Host);

    private FeatureScaler Scaler(ClassifierShape shape)
    {
        if (!_options.Standardize)
            return FeatureScaler.Identity(shape.FeatureCount);
        (float[] shift, float[] scale) = shape.IsSparse
            ? (new float[shape.FeatureCount], Seen.Features.MaxAbsScale())
            : Seen.Features.Standard();
        return new FeatureScaler(tensor(shift), tensor(scale));
    }

    protected override Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = RunOptions.Of(
            _options,
            nameof(SquentropyOptions.Training),
            nameof(SquentropyOptions.ScoringBlockSize),
            nameof(SquentropyOptions.MemoryBudgetBytes),
            nameof(SquentropyOptions.LabelColumnName),
            nameof(SquentropyOptions.FeatureColumnName));
        settings["Network"] = JsonSerializer.Serialize(_network);
        return settings;
    }
}
