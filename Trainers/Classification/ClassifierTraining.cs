using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Networks;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One Fit of a <see cref="SquentropyClassifier"/>: reads the data, builds network and objective, runs the loop, calibrates.</summary>
internal sealed class ClassifierTraining : IDisposable
{
    private readonly ComponentHost _host;
    private readonly SquentropyOptions _options;
    private readonly ComponentDescription? _network;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly ClassifierRows _seen;
    private readonly ClassifierRows? _seenInValidation;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;
    private readonly LabelColumn _label;

    public ClassifierTraining(ComponentHost host, SquentropyOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        _host = host;
        _options = options;
        _network = options.Network is null ? null : ComponentDescription.Of(options.Network);
        _seed = options.Seed ?? host.DrawSeed();
        _generator = new Generator((ulong)_seed);
        _device = TorchDevice.Choose(host.Environment);
        try
        {
            _label = LabelColumn.Of(trainData.Schema, options.LabelColumnName);

            if (validationData is not null)
                RequireSameColumns(trainData, validationData);
            RowSplit? split = options.Split(validationData, _seed);
            (_rows, _seen) = Open(trainData, VectorLayout.Auto, split, shuffle: true);
            _seen.Labels.Report(_host, "training");
            if (validationData is not null)
            {
                VectorLayout layout = _rows.Columns[0].IsSparse ? VectorLayout.Sparse : VectorLayout.Dense;
                (_validationRows, _seenInValidation) = Open(validationData, layout, split: null, shuffle: false);
                _seenInValidation.Labels.Report(_host, "validation");
                (_training, _validation) = (_rows, _validationRows);
            }
            else
            {
                (_training, _validation) = split is { } s ? _rows.Split(s) : (_rows, (BatchSource?)null);
            }

            RequireSomethingToLearn();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Trains, and hands over the model, which the caller owns.</summary>
    public SquentropyModel Run()
    {
        ClassifierShape shape = ClassifierShape.Of(_options, _network, _rows.Columns[0], _label.ClassCount);
        ClassifierNetwork network = shape.CreateNetwork(_options.Network, Scaler(shape), _generator);
        try
        {
            network.to(_device);
            return new SquentropyModel(network, shape, _label.Values, Train(network));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // Null when the constructor did not come so far.
        _rows?.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private double Train(ClassifierNetwork network)
    {
        using var cancellation = new RunCancellation(_host, _options.Training.CancellationToken);
        try
        {
            return Train(network, cancellation);
        }
        catch (TrainingCanceledException e)
        {
            throw cancellation.Explain(e);
        }
    }

    private double Train(ClassifierNetwork network, RunCancellation cancellation)
    {
        IReadOnlyList<ClassificationTask> tasks = ClassificationTask.Of(_options, [_label], _seen.Labels, _host);
        IReadOnlyList<Tensor> Forward(TensorBatch batch) => [network.Forward(batch, _options.FeatureColumnName)];
        // A user's network may hold torch's own dropout, which draws from the global generator.
        IReadOnlyList<Tensor> ForwardInTraining(TensorBatch batch) => _options.Network is null ? Forward(batch) : GlobalGenerator.Lend(_generator, () => Forward(batch));
        ClassificationValidator? validator = _validation is null ? null : new(Forward, tasks, _options.ExampleWeightColumnName, _validation, _device, cancellation.LookAtHost);
        var step = new ClassificationStep(ForwardInTraining, tasks, _options.ExampleWeightColumnName, _generator, cancellation.LookAtHost);
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Validator = validator,
            Settings = RunIdentity(),
            Warn = _host.Warn,
        };
        loop.Run(_training);
        return _options.TemperatureScaling ? validator!.FitTemperatures(_host.Warn, cancellation.Token)[0] : 1;
    }

    private (BatchSource Rows, ClassifierRows Seen) Open(IDataView data, VectorLayout layout, RowSplit? split, bool shuffle)
    {
        IReadOnlyList<BatchColumn> columns = ClassifierRows.Columns(_options, _label, layout);
        BoundColumn[] bound = [.. columns.Select(c => c.Bind(data.Schema))];
        var seen = new ClassifierRows(_options, _label, bound, split, _host);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        return (BatchSource.Open(data, columns, options, seen, _options.Training.CancellationToken), seen);
    }

    private void RequireSameColumns(IDataView trainData, IDataView validationData)
    {
        int Width(IDataView data) => BatchColumn.Vector(_options.FeatureColumnName).Bind(data.Schema).Width;
        if (Width(trainData) != Width(validationData))
            throw new ArgumentException(
                $"Column '{_options.FeatureColumnName}' has {Width(trainData)} slots in the training data, but {Width(validationData)} in the validation data.");
        _label.RequireSameIn(validationData.Schema);
    }

    private void RequireSomethingToLearn()
    {
        if (_training.RowCount == 0)
            throw new ArgumentException("The training data has no rows with a label and a weight above 0.");
        _seen.Labels.RequireDifference(_host);
        ValidationPart.RequireRows(_validation, isGiven: _validationRows is not null);
    }

    private FeatureScaler Scaler(ClassifierShape shape)
    {
        if (!_options.Standardize)
            return FeatureScaler.Identity(shape.FeatureCount);
        (float[] shift, float[] scale) = shape.IsSparse
            ? (new float[shape.FeatureCount], _seen.Features.MaxAbsScale())
            : _seen.Features.Standard();
        return new FeatureScaler(tensor(shift), tensor(scale));
    }

    private Dictionary<string, string> RunIdentity()
    {
        Dictionary<string, string> identity = RunOptions.Of(
            _options,
            nameof(SquentropyOptions.Training),
            nameof(SquentropyOptions.ScoringBlockSize),
            nameof(SquentropyOptions.MemoryBudgetBytes),
            nameof(SquentropyOptions.LabelColumnName),
            nameof(SquentropyOptions.FeatureColumnName));
        identity["Seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        identity["Network"] = JsonSerializer.Serialize(_network);
        identity["training data"] = _seen.Digest.ToString();
        if (_seenInValidation is not null)
            identity["validation data"] = _seenInValidation.Digest.ToString();
        return identity;
    }
}
