using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;

namespace MLNetExt.LanguageModeling;

/// <summary>One Fit of a <see cref="CausalLanguageModelTrainer"/>: reads the data, builds the network, runs the loop.</summary>
internal sealed class CausalTraining : TrainerFit<CausalRows>
{
    private readonly CausalLanguageModelOptions _options;
    private readonly CausalColumns _columns;
    private readonly CausalState _state;

    public CausalTraining(ComponentHost host, CausalLanguageModelOptions options, IDataView trainData, IDataView? validationData)
        : base(host, options)
    {
        _options = options;
        _columns = new CausalColumns(options.TokensColumnName, options.LossMaskColumnName);
        _state = CausalChoice.State(options, trainData.Schema);
        Read(trainData, validationData, options.ValidationFraction);
    }

    protected override string NoRows => $"The training data has no rows with at least two tokens in column '{_columns.Tokens}'.";

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public CausalLanguageModelTransformer Run()
    {
        using var network = new DecoderNetwork(_state.Network, Generator) { RecomputesActivations = _options.RecomputeActivations };
        if (_options.Pretrained is { } pretrained)
            CausalModel.CopyWeights(pretrained.Model.Network, network);
        if (_options.Adapters is { } adapters)
            network.AddAdapters(adapters.Shape);
        network.to(Device);
        Train(network);
        return new CausalLanguageModelTransformer(CausalModel.Copy(_state, network));
    }

    private void Train(DecoderNetwork network)
    {
        var objective = new NextTokenCrossEntropy(CausalColumns.NoTarget);
        var step = new CausalStep(network, _columns, objective, Generator, Cancellation.LookAtHost)
        {
            RandomMask = _options.RandomTokenMask,
            Seed = Seed,
            MeasuresDropped = _options.MeasureDroppedTokens,
        };
        var groups = new DecoderGroups(_options, _state.Network.Transformer.Layers);
        Train(network, step, Validation is null ? null : new CausalValidator(network, ColumnsInValidation, objective, Validation, Device, Cancellation.LookAtHost), groups.Of);
    }

    private CausalColumns ColumnsInValidation => _columns with { LossMask = null };

    protected override (BatchSource Rows, CausalRows Seen) Open(IDataView data, RowSplit? split, bool isTraining)
    {
        CausalColumns columns = isTraining ? _columns : ColumnsInValidation;
        if (_state.Tokens is { } tokens)
            TokenAnnotations.RequireSame(data.Schema[columns.Tokens], tokens.Fingerprint);
        var seen = new CausalRows(columns, _state.Network.VocabularySize, _state.Network.ContextLength, Host);
        return (Open(data, columns.ToRead, seen, isTraining, _options.BucketByLength ? columns.Tokens : null), seen);
    }

    protected override void CheckRows()
    {
        if (Seen.KeptTargets == 0)
            throw new ArgumentException($"The mask in column '{_columns.LossMask}' drops all {Seen.Targets} tokens: there is nothing to learn.");
    }

    protected override Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = RunOptions.Of(
            _options,
            nameof(CausalLanguageModelOptions.Training),
            nameof(CausalLanguageModelOptions.ScoringBlockSize),
            nameof(CausalLanguageModelOptions.MemoryBudgetBytes),
            nameof(CausalLanguageModelOptions.RecomputeActivations),
            nameof(CausalLanguageModelOptions.MeasureDroppedTokens),
            nameof(CausalLanguageModelOptions.TokensColumnName),
            nameof(CausalLanguageModelOptions.LossMaskColumnName));
        settings["Network"] = JsonSerializer.Serialize(_state.Network);
        settings["Tokenizer"] = _state.Tokens?.Fingerprint ?? "none";
        settings["HasLossMask"] = (_columns.LossMask is not null).ToString();
        settings["Pretrained"] = _options.Pretrained is { } pretrained ? WeightDigest.Of(pretrained.Model.Network.state_dict().Values) : "null";
        return settings;
    }
}
