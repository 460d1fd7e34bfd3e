using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One Fit of a <see cref="TextEncoderClassifier"/>: reads the data, builds network and objective, runs the loop, calibrates.</summary>
internal sealed class TextEncoderTraining : IDisposable
{
    private readonly ComponentHost _host;
    private readonly TextEncoderClassifierOptions _options;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly EncoderState _encoder;
    private readonly EncoderColumns _columns;
    private readonly IReadOnlyList<LabelColumn> _labels;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly TextClassifierRows _seen;
    private readonly TextClassifierRows? _seenInValidation;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;

    public TextEncoderTraining(ComponentHost host, TextEncoderClassifierOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        (_host, _options) = (host, options);
        _seed = options.Seed ?? host.DrawSeed();
        _generator = new Generator((ulong)_seed);
        _device = TorchDevice.Choose(host.Environment);
        try
        {
            _encoder = EncoderChoice.State(options, trainData.Schema);
            _columns = _encoder.Columns();
            _labels = [.. ((IClassifierOptions)options).LabelColumnNames.Select(name => LabelColumn.Of(trainData.Schema, name))];
            ClassWeighting.RequireClasses(options, _labels);

            foreach (LabelColumn label in validationData is null ? [] : _labels)
                label.RequireSameIn(validationData!.Schema);
            RowSplit? split = options.Split(validationData, _seed);
            (_rows, _seen) = Open(trainData, split, shuffle: true);
            _seen.Report("training");
            if (validationData is not null)
            {
                (_validationRows, _seenInValidation) = Open(validationData, split: null, shuffle: false);
                _seenInValidation.Report("validation");
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

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public TextEncoderClassifierTransformer Run()
    {
        // A frozen encoder is the same in each pass: nothing of it is dropped.
        EncoderOptions shape = _options.IsFrozen ? _encoder.Network.WithDropout(0) : _encoder.Network;
        var encoder = new EncoderNetwork(shape, _generator) { RecomputesActivations = _options.RecomputeActivations };
        using var network = new TextClassifierNetwork(encoder, _encoder.Pooling, _labels.Select(label => label.ClassCount), _options.HeadDropout, _generator);
        _options.Pretrained?.Model.CopyTo(encoder);
        if (_options.IsFrozen)
            network.FreezeEncoder();
        network.to(_device);
        IReadOnlyList<double> temperatures = Train(network);
        var state = new TextEncoderClassifierState(_encoder, [.. _labels.Zip(temperatures, (label, temperature) => new TextClassifierHead(label.Name, label.ClassCount, label.Values, temperature, label.IsMultiLabel))]);
        return new TextEncoderClassifierTransformer(TextClassifierModel.Copy(state, network));
    }

    public void Dispose()
    {
        // Null when the constructor did not come so far.
        _rows?.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private IReadOnlyList<double> Train(TextClassifierNetwork network)
    {
        using var cancellation = new RunCancellation(_host, _options.Training.CancellationToken);
        IReadOnlyList<ClassificationTask> tasks = ClassificationTask.Of(_options, _labels, _seen.Labels, _host);
        IReadOnlyList<Tensor> Forward(TensorBatch batch) => network.Forward(_columns.Read(batch));
        ClassificationValidator? validator = _validation is null ? null : new(Forward, tasks, _options.ExampleWeightColumnName, _validation, _device, cancellation.LookAtHost);
        var step = new ClassificationStep(Forward, tasks, _options.ExampleWeightColumnName, _generator, cancellation.LookAtHost);
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Grouping = (name, parameter) => network.Group(name, parameter, _options.EncoderLearningRateFactor, _options.LayerLearningRateDecay),
            Validator = validator,
            Settings = RunIdentity(),
            Warn = _host.Warn,
        };
        try
        {
            loop.Run(_training);
            return _options.TemperatureScaling ? validator!.FitTemperatures(_host.Warn, cancellation.Token) : [.. tasks.Select(_ => 1.0)];
        }
        catch (TrainingCanceledException e)
        {
            throw cancellation.Explain(e);
        }
    }

    private (BatchSource Rows, TextClassifierRows Seen) Open(IDataView data, RowSplit? split, bool shuffle)
    {
        TokenAnnotations.RequireSame(data.Schema[_columns.Tokens], _encoder.Tokens!.Fingerprint);
        IReadOnlyList<BatchColumn> columns = TextClassifierRows.Columns(_columns, _options, _labels);
        var seen = new TextClassifierRows(_encoder, new RowLabels(_options, _labels, [.. columns.Select(c => c.Bind(data.Schema))], split), _host);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            BucketBy = shuffle && _options.BucketByLength ? _columns.Tokens : null,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        return (BatchSource.Open(data, columns, options, seen, _options.Training.CancellationToken), seen);
    }

    private void RequireSomethingToLearn()
    {
        if (_training.RowCount == 0)
            throw new ArgumentException("The training data has no rows with a label, a weight above 0 and a token that is not special.");
        _seen.Labels.RequireDifference(_host);
        ValidationPart.RequireRows(_validation, isGiven: _validationRows is not null);
    }

    private Dictionary<string, string> RunIdentity()
    {
        Dictionary<string, string> identity = RunOptions.Of(
            _options,
            nameof(TextEncoderClassifierOptions.Training),
            nameof(TextEncoderClassifierOptions.Epochs),
            nameof(TextEncoderClassifierOptions.LearningRate),
            nameof(TextEncoderClassifierOptions.ScoringBlockSize),
            nameof(TextEncoderClassifierOptions.MemoryBudgetBytes),
            nameof(TextEncoderClassifierOptions.RecomputeActivations),
            nameof(TextEncoderClassifierOptions.LabelColumnName),
            nameof(TextEncoderClassifierOptions.TokensColumnName),
            nameof(TextEncoderClassifierOptions.TokenTypesColumnName));
        identity["Seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        identity["Network"] = JsonSerializer.Serialize(_encoder.Network);
        identity["Tokenizer"] = _encoder.Tokens!.Fingerprint;
        identity["Pretrained"] = _options.Pretrained is { } pretrained ? WeightDigest.Of(pretrained.Model.Network.state_dict().Values) : "null";
        identity["training data"] = _seen.Digest.ToString();
        if (_seenInValidation is not null)
            identity["validation data"] = _seenInValidation.Digest.ToString();
        return identity;
    }
}
