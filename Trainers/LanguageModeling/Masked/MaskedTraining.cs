using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>One Fit of a <see cref="MaskedLanguageModelTrainer"/>: reads the data, builds the network, runs the loop.</summary>
internal sealed class MaskedTraining : IDisposable
{
    private readonly ComponentHost _host;
    private readonly MaskedLanguageModelOptions _options;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly EncoderState _state;
    private readonly EncoderColumns _columns;
    private readonly MaskVocabulary _vocabulary;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly MaskedRows _seen;
    private readonly MaskedRows? _seenInValidation;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;

    public MaskedTraining(ComponentHost host, MaskedLanguageModelOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        (_host, _options) = (host, options);
        _seed = options.Seed ?? host.DrawSeed();
        _device = TorchDevice.Choose(host.Environment);
        _state = EncoderChoice.State(options, trainData.Schema);
        _columns = _state.Columns();
        _vocabulary = MaskVocabulary.Of(_state.Tokens!, options.Masking.WholeWords);
        _generator = new Generator((ulong)_seed);
        try
        {
            RowSplit? split = validationData is null && options.ValidationFraction > 0 ? new RowSplit(options.ValidationFraction, _seed) : null;
            (_rows, _seen) = Open(trainData, shuffle: true, split);
            Report(_seen, "training");
            ReportStarts(_seen);
            (_training, _validation) = split is { } parts ? _rows.Split(parts) : (_rows, (BatchSource?)null);
            if (validationData is not null)
            {
                (_validationRows, _seenInValidation) = Open(validationData, shuffle: false, split: null);
                Report(_seenInValidation, "validation");
                _validation = _validationRows;
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
    public MaskedLanguageModelTransformer Run()
    {
        using var network = new EncoderNetwork(_state.Network, _generator) { RecomputesActivations = _options.RecomputeActivations };
        _options.Pretrained?.Model.CopyTo(network);
        network.to(_device);
        float[]? importance = _options.Pretrained?.Model.Importance;
        TokenDropper? dropper = _options.Dropping.Kind == TokenDroppingKind.None
            ? null
            : new TokenDropper(_options.Dropping, DropRule.Of(_state.Tokens!) with { Seed = _seed }, _seen.Counts, _options.Training.StepCount(_training.BatchesPerEpoch), importance);
        Train(network, dropper);
        bool learned = dropper is not null && _options.Dropping.Score == TokenDroppingScore.Loss;
        return new MaskedLanguageModelTransformer(EncoderModel.Copy(_state, network, learned ? dropper!.Importance.Values[..^1].ToArray() : importance));
    }

    public void Dispose()
    {
        _rows?.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private void Train(EncoderNetwork network, TokenDropper? dropper)
    {
        using var cancellation = new RunCancellation(_host, _options.Training.CancellationToken);
        var corruption = new TokenCorruption(new MaskPolicy(_options.Masking.Rule(_seed), _vocabulary), _state.Network.VocabularySize);
        var step = new MaskedStep(network, _columns, corruption, _generator, cancellation.LookAtHost)
        {
            Dropper = dropper,
            Consistency = _options.Dropping.Consistency,
            Representation = _options.Dropping.Representation,
        };
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Grouping = GroupOf,
            Validator = _validation is null ? null : new MaskedValidator(network, _columns, corruption, _validation, _device, cancellation.LookAtHost),
            Settings = RunIdentity(),
            Warn = _host.Warn,
        };
        try
        {
            loop.Run(_training);
        }
        catch (TrainingCanceledException e)
        {
            throw cancellation.Explain(e);
        }
    }

    /// <summary>Nothing is learned of the pooler, and it does not decay either.</summary>
    private static ParameterGroup GroupOf(string name, Tensor parameter) =>
        name.StartsWith(EncoderNetwork.PoolerPrefix, StringComparison.Ordinal) ? new ParameterGroup(WeightDecayFactor: 0) : ParameterGroup.ByShape(name, parameter);

    private (BatchSource Rows, MaskedRows Seen) Open(IDataView data, bool shuffle, RowSplit? split)
    {
        TokenAnnotations.RequireSame(data.Schema[_columns.Tokens], _state.Tokens!.Fingerprint);
        var seen = new MaskedRows(
            _columns, _state.Network.VocabularySize, _state.Tokens.VocabularySize, _state.Network.ContextLength, _state.Network.TokenTypes, [.. _vocabulary.SpecialIds], split, _host);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            BucketBy = shuffle && _options.BucketByLength ? _columns.Tokens : null,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        return (BatchSource.Open(data, _columns.ToRead, options, seen, _options.Training.CancellationToken), seen);
    }

    private void Report(MaskedRows seen, string part)
    {
        if (seen.LeftOut > 0)
            _host.Warn($"{seen.LeftOut} rows of the {part} data have no token but special ones and are left out: nothing can be predicted in them.");
    }

    private void ReportStarts(MaskedRows seen)
    {
        if (_options.Dropping is { Kind: TokenDroppingKind.Consistent, Representation: EncoderPooling.FirstToken } && seen.WithoutSpecialStart > 0)
            _host.Warn(
                $"{seen.WithoutSpecialStart} rows of the training data do not begin with a special token: their first token, whose vectors are compared, may itself be dropped. Use a tokenizer that sets one there, or set Dropping.Representation to Mean.");
    }

    private void RequireSomethingToLearn()
    {
        if (_training.RowCount == 0)
            throw new ArgumentException($"The training data has no rows in column '{_columns.Tokens}' with a token that is not special: there is nothing to learn.");
        ValidationPart.RequireRows(_validation, isGiven: _validationRows is not null);
    }

    private Dictionary<string, string> RunIdentity()
    {
        Dictionary<string, string> identity = RunOptions.Of(
            _options,
            nameof(MaskedLanguageModelOptions.Training),
            nameof(MaskedLanguageModelOptions.Epochs),
            nameof(MaskedLanguageModelOptions.LearningRate),
            nameof(MaskedLanguageModelOptions.ScoringBlockSize),
            nameof(MaskedLanguageModelOptions.Pooling),
            nameof(MaskedLanguageModelOptions.MemoryBudgetBytes),
            nameof(MaskedLanguageModelOptions.RecomputeActivations),
            nameof(MaskedLanguageModelOptions.TokensColumnName),
            nameof(MaskedLanguageModelOptions.TokenTypesColumnName));
        identity["Seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        identity["Network"] = JsonSerializer.Serialize(_state.Network);
        identity["Tokenizer"] = _state.Tokens!.Fingerprint;
        using (NewDisposeScope())
            identity["Pretrained"] = _options.Pretrained is { } pretrained ? WeightDigest.Of(pretrained.Model.Weights.Select(weight => weight.Value)) : "null";
        identity["training data"] = _seen.Digest.ToString();
        if (_seenInValidation is not null)
            identity["validation data"] = _seenInValidation.Digest.ToString();
        return identity;
    }
}
