using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>One Fit of a <see cref="TextEncoderClassifier"/>: reads the data, builds network and objective, runs the loop, calibrates.</summary>
internal sealed class TextEncoderTraining : TrainerFit<TextClassifierRows>
{
    private readonly TextEncoderClassifierOptions _options;
    private readonly EncoderState _encoder;
    private readonly EncoderColumns _columns;
    private readonly IReadOnlyList<LabelColumn> _labels;

    public TextEncoderTraining(ComponentHost host, TextEncoderClassifierOptions options, IDataView trainData, IDataView? validationData)
        : base(host, options)
    {
        _options = options;
        _encoder = EncoderChoice.State(options, trainData.Schema);
        _columns = _encoder.Columns();
        _labels = [.. ((IClassifierOptions)options).LabelColumnNames.Select(name => LabelColumn.Of(trainData.Schema, name))];
        ClassWeighting.RequireClasses(options, _labels);
        foreach (LabelColumn label in validationData is null ? [] : _labels)
            label.RequireSameIn(validationData!.Schema);
        Read(trainData, validationData, options.ValidationShare());
    }

    protected override string NoRows => "The training data has no rows with a label, a weight above 0 and a token that is not special.";

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public TextEncoderClassifierTransformer Run()
    {
        // A frozen encoder is the same in each pass: nothing of it is dropped.
        EncoderOptions shape = _options.IsFrozen ? _encoder.Network.WithDropout(0) : _encoder.Network;
        var encoder = new EncoderNetwork(shape, Generator) { RecomputesActivations = _options.RecomputeActivations };
        using var network = new TextClassifierNetwork(encoder, _encoder.Pooling, _labels.Select(label => label.ClassCount), _options.HeadDropout, Generator);
        _options.Pretrained?.Model.CopyTo(encoder);
        if (_options.IsFrozen)
            network.FreezeEncoder();
        network.to(Device);
        IReadOnlyList<double> temperatures = Train(network);
        var state = new TextEncoderClassifierState(_encoder, [.. _labels.Zip(temperatures, (label, temperature) => new TextClassifierHead(label.Name, label.ClassCount, label.Values, temperature, label.IsMultiLabel))]);
        return new TextEncoderClassifierTransformer(TextClassifierModel.Copy(state, network));
    }

    private IReadOnlyList<double> Train(TextClassifierNetwork network)
    {
        IReadOnlyList<ClassificationTask> tasks = ClassificationTask.Of(_options, _labels, Seen.Labels, Host);
        IReadOnlyList<Tensor> Forward(TensorBatch batch) => network.Forward(_columns.Read(batch));
        ClassificationValidator? validator = Validation is null ? null : new(Forward, tasks, _options.ExampleWeightColumnName, Validation, Device, Cancellation.LookAtHost);
        var step = new ClassificationStep(Forward, tasks, _options.ExampleWeightColumnName, Generator, Cancellation.LookAtHost);
        Train(network, step, validator, (name, parameter) => network.Group(name, parameter, _options.EncoderLearningRateFactor, _options.LayerLearningRateDecay));
        return _options.TemperatureScaling ? validator!.FitTemperatures(Host.Warn, Cancellation.Token) : [.. tasks.Select(_ => 1.0)];
    }

    protected override (BatchSource Rows, TextClassifierRows Seen) Open(IDataView data, RowSplit? split, bool isTraining)
    {
        TokenAnnotations.RequireSame(data.Schema[_columns.Tokens], _encoder.Tokens!.Fingerprint);
        IReadOnlyList<BatchColumn> columns = TextClassifierRows.Columns(_columns, _options, _labels);
        var seen = new TextClassifierRows(_encoder, new RowLabels(_options, _labels, [.. columns.Select(c => c.Bind(data.Schema))], split), Host);
        return (Open(data, columns, seen, isTraining, _options.BucketByLength ? _columns.Tokens : null), seen);
    }

    protected override void CheckRows() => Seen.Labels.RequireDifference(Host);

    protected override Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = RunOptions.Of(
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
        settings["Network"] = JsonSerializer.Serialize(_encoder.Network);
        settings["Tokenizer"] = _encoder.Tokens!.Fingerprint;
        settings[nameof(TextEncoderClassifierOptions.Pooling)] = JsonSerializer.Serialize(_encoder.Pooling);
        settings["Pretrained"] = _options.Pretrained is { } pretrained ? WeightDigest.Of(pretrained.Model.Network.state_dict().Values) : "null";
        return settings;
    }
}
