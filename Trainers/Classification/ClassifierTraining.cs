using System.Globalization;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One Fit of a <see cref="SquentropyClassifier"/>: reads the data, builds network and objective, runs the loop, calibrates.</summary>
internal sealed class ClassifierTraining : IDisposable
{
    private const double DefaultCalibrationFraction = 0.1;
    private readonly ComponentHost _host;
    private readonly SquentropyOptions _options;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly ClassifierRows _seen;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;
    private readonly KeyValues? _labels;

    public ClassifierTraining(ComponentHost host, SquentropyOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        _host = host;
        _options = options;
        _seed = options.Seed ?? host.DrawSeed();
        _generator = new Generator((ulong)_seed);
        _device = TorchDevice.Choose(host.Environment);
        _labels = KeyValues.Of(trainData.Schema[options.LabelColumnName]);

        RowSplit? split = Split(validationData);
        (_rows, _seen) = Open(trainData, split, shuffle: true);
        Report(_seen);
        if (validationData is not null)
        {
            RequireSameLabels(validationData);
            (_validationRows, _) = Open(validationData, split: null, shuffle: false);
            (_training, _validation) = (_rows, _validationRows);
        }
        else
        {
            (_training, _validation) = split is { } s ? _rows.Split(s) : (_rows, (BatchSource?)null);
        }

        RequireSomethingToLearn();
    }

    /// <summary>Trains, and hands over the model, which the caller owns.</summary>
    public SquentropyModel Run()
    {
        ClassifierShape shape = ClassifierShape.Of(_options, _rows.Columns[0], _seen.ClassCounts.Length);
        ClassifierNetwork network = shape.CreateNetwork(_options.Network, Scaler(shape), _seed, _generator);
        try
        {
            network.to(_device);
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_options.Training.CancellationToken);
            double temperature = Train(network, cancellation);
            return new SquentropyModel(network, shape, _labels, temperature);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private double Train(ClassifierNetwork network, CancellationTokenSource cancellation)
    {
        double[]? classWeights = ClassWeighting.Create(_options, _seen.ClassCounts, _labels);
        IClassificationObjective objective = ClassificationObjectives.Create(_options, classWeights, _seen.ClassCounts.Length, _host);
        ClassificationValidator? validator = _validation is null ? null : new(network, objective, _options, _validation, _device);
        var step = new ClassificationStep(network, objective, _options, _generator, () => StopWhenHostStops(cancellation));
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Validator = validator,
            Settings = Settings(),
            Warn = _host.Warn,
        };
        loop.Run(_training);
        return _options.TemperatureScaling ? validator!.FitTemperature(cancellation.Token) : 1;
    }

    private void StopWhenHostStops(CancellationTokenSource cancellation)
    {
        if (_host.IsCanceled)
            cancellation.Cancel();
    }

    private RowSplit? Split(IDataView? validationData)
    {
        double fraction = _options.ValidationFraction > 0 ? _options.ValidationFraction
            : _options.TemperatureScaling ? DefaultCalibrationFraction
            : 0;
        return validationData is null && fraction > 0 ? new RowSplit(fraction, _seed) : null;
    }

    private (BatchSource Rows, ClassifierRows Seen) Open(IDataView data, RowSplit? split, bool shuffle)
    {
        IReadOnlyList<BatchColumn> columns = ClassifierRows.Columns(_options);
        var seen = new ClassifierRows(_options, [.. columns.Select(c => c.Bind(data.Schema))], split);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        return (BatchSource.Open(data, columns, options, seen, _options.Training.CancellationToken), seen);
    }

    private void Report(ClassifierRows seen)
    {
        if (seen.MissingLabels > 0)
            _host.Warn($"{seen.MissingLabels} rows have no label in column '{_options.LabelColumnName}' and are left out.");
        if (seen.ZeroWeights > 0)
            _host.Info($"{seen.ZeroWeights} rows weigh 0 in column '{_options.ExampleWeightColumnName}' and are left out.");
    }

    private void RequireSameLabels(IDataView validationData)
    {
        KeyValues? labels = KeyValues.Of(validationData.Schema[_options.LabelColumnName]);
        if (!(labels?.Texts ?? []).SequenceEqual(_labels?.Texts ?? []))
            throw new ArgumentException(
                $"The validation data's label '{_options.LabelColumnName}' has other key values than the training data's: transform both with the MapValueToKey that was fitted on the training data.");
    }

    private void RequireSomethingToLearn()
    {
        if (_seen.ClassCounts.Length < 2)
            throw new ArgumentException($"The label '{_options.LabelColumnName}' has {_seen.ClassCounts.Length} class: a classifier needs at least 2.");
        if (_training.RowCount == 0)
            throw new ArgumentException("The training data has no rows with a label and a weight above 0.");
        if (_seen.ClassCounts.Count(c => c > 0) < 2)
            throw new ArgumentException($"All training rows have the same label in column '{_options.LabelColumnName}': a classifier needs rows of at least 2 classes.");
        if (_validation is { RowCount: 0 })
            throw new ArgumentException("The validation part has no rows: raise ValidationFraction, or give ValidationData.");
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

    private Dictionary<string, string> Settings() => new()
    {
        ["Seed"] = _seed.ToString(CultureInfo.InvariantCulture),
        ["BatchSize"] = _options.BatchSize.ToString(CultureInfo.InvariantCulture),
        ["Loss"] = _options.Loss.ToString(),
        ["SquareWeight"] = _options.SquareWeight.ToString("R", CultureInfo.InvariantCulture),
        ["Dropout"] = _options.Dropout.ToString("R", CultureInfo.InvariantCulture),
        ["TrainingRows"] = _training.RowCount.ToString(CultureInfo.InvariantCulture),
    };
}
