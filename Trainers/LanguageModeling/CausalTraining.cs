using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>One Fit of a <see cref="CausalLanguageModelTrainer"/>: reads the data, builds the network, runs the loop.</summary>
internal sealed class CausalTraining : IDisposable
{
    private readonly ComponentHost _host;
    private readonly CausalLanguageModelOptions _options;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly CausalColumns _columns;
    private readonly CausalState _state;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly CausalRows _seen;
    private readonly CausalRows? _seenInValidation;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;

    public CausalTraining(ComponentHost host, CausalLanguageModelOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        (_host, _options) = (host, options);
        _seed = options.Seed ?? host.DrawSeed();
        _device = TorchDevice.Choose(host.Environment);
        _columns = new CausalColumns(options.TokensColumnName, options.LossMaskColumnName);
        _state = CausalChoice.State(options, trainData.Schema);
        _generator = new Generator((ulong)_seed);
        try
        {
            (_rows, _seen) = Open(_columns, trainData, shuffle: true);
            Report(_seen, "training");
            if (validationData is not null)
            {
                (_validationRows, _seenInValidation) = Open(_columns with { LossMask = null }, validationData, shuffle: false);
                Report(_seenInValidation, "validation");
                (_training, _validation) = (_rows, _validationRows);
            }
            else
            {
                (_training, _validation) = options.ValidationFraction > 0
                    ? _rows.Split(new RowSplit(options.ValidationFraction, _seed))
                    : (_rows, (BatchSource?)null);
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
    public CausalLanguageModelTransformer Run()
    {
        using var network = new DecoderNetwork(_state.Network, _generator) { RecomputesActivations = _options.RecomputeActivations };
        if (_options.Pretrained is { } pretrained)
            CausalModel.CopyWeights(pretrained.Model.Network, network);
        if (_options.Adapters is { } adapters)
            network.AddAdapters(adapters.Shape);
        network.to(_device);
        Train(network);
        return new CausalLanguageModelTransformer(CausalModel.Copy(_state, network));
    }

    public void Dispose()
    {
        _rows?.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private void Train(DecoderNetwork network)
    {
        using var cancellation = new RunCancellation(_host, _options.Training.CancellationToken);
        var objective = new NextTokenCrossEntropy(CausalColumns.NoTarget);
        var step = new CausalStep(network, _columns, objective, _generator, cancellation.LookAtHost)
        {
            RandomMask = _options.RandomTokenMask,
            Seed = _seed,
            MeasuresDropped = _options.MeasureDroppedTokens,
        };
        var groups = new DecoderGroups(_options, _state.Network.Transformer.Layers);
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Grouping = groups.Of,
            Validator = _validation is null ? null : new CausalValidator(network, _columns with { LossMask = null }, objective, _validation, _device, cancellation.LookAtHost),
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

    private (BatchSource Rows, CausalRows Seen) Open(CausalColumns columns, IDataView data, bool shuffle)
    {
        if (_state.Tokens is { } tokens)
            TokenAnnotations.RequireSame(data.Schema[columns.Tokens], tokens.Fingerprint);
        var seen = new CausalRows(columns, _state.Network.VocabularySize, _state.Network.ContextLength, _host);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            BucketBy = shuffle && _options.BucketByLength ? columns.Tokens : null,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        return (BatchSource.Open(data, columns.ToRead, options, seen, _options.Training.CancellationToken), seen);
    }

    private void Report(CausalRows seen, string part)
    {
        if (seen.LeftOut > 0)
            _host.Warn($"{seen.LeftOut} rows of the {part} data have fewer than two tokens and are left out: nothing is predicted in them.");
    }

    private void RequireSomethingToLearn()
    {
        if (_training.RowCount == 0)
            throw new ArgumentException($"The training data has no rows with at least two tokens in column '{_columns.Tokens}'.");
        if (_seen.KeptTargets == 0)
            throw new ArgumentException($"The mask in column '{_columns.LossMask}' drops all {_seen.Targets} tokens: there is nothing to learn.");
        ValidationPart.RequireRows(_validation, isGiven: _validationRows is not null);
    }

    private Dictionary<string, string> RunIdentity()
    {
        Dictionary<string, string> identity = RunOptions.Of(
            _options,
            nameof(CausalLanguageModelOptions.Training),
            nameof(CausalLanguageModelOptions.ScoringBlockSize),
            nameof(CausalLanguageModelOptions.MemoryBudgetBytes),
            nameof(CausalLanguageModelOptions.RecomputeActivations),
            nameof(CausalLanguageModelOptions.MeasureDroppedTokens),
            nameof(CausalLanguageModelOptions.TokensColumnName),
            nameof(CausalLanguageModelOptions.LossMaskColumnName));
        identity["Seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        identity["Network"] = JsonSerializer.Serialize(_state.Network);
        identity["Tokenizer"] = _state.Tokens?.Fingerprint ?? "none";
        identity["HasLossMask"] = (_columns.LossMask is not null).ToString();
        identity["Pretrained"] = _options.Pretrained is { } pretrained ? WeightDigest.Of(pretrained.Model.Network.state_dict().Values) : "null";
        identity["training data"] = _seen.Digest.ToString();
        if (_seenInValidation is not null)
            identity["validation data"] = _seenInValidation.Digest.ToString();
        return identity;
    }
}
