using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>One Fit of a <see cref="MaskedLanguageModelTrainer"/>: reads the data, builds the network, runs the loop.</summary>
internal sealed class MaskedTraining : TrainerFit<MaskedRows>
{
    private readonly MaskedLanguageModelOptions _options;
    private readonly EncoderState _state;
    private readonly EncoderColumns _columns;
    private readonly MaskVocabulary _vocabulary;

    public MaskedTraining(ComponentHost host, MaskedLanguageModelOptions options, IDataView trainData, IDataView? validationData)
        : base(host, options)
    {
        _options = options;
        _state = EncoderChoice.State(options, trainData.Schema);
        _columns = _state.Columns();
        _vocabulary = MaskVocabulary.Of(_state.Tokens!, options.Masking.WholeWords);
        Read(trainData, validationData, options.ValidationFraction);
    }

    protected override string NoRows => $"The training data has no rows in column '{_columns.Tokens}' with a token that is not special: there is nothing to learn.";

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public MaskedLanguageModelTransformer Run()
    {
        using var network = new EncoderNetwork(_state.Network, Generator) { RecomputesActivations = _options.RecomputeActivations };
        _options.Pretrained?.Model.CopyTo(network);
        network.to(Device);
        float[]? importance = _options.Pretrained?.Model.Importance;
        TokenDropper? dropper = _options.Dropping.Kind == TokenDroppingKind.None
            ? null
            : new TokenDropper(_options.Dropping, DropRule.Of(_state.Tokens!) with { Seed = Seed }, Seen.Counts, _options.Training.StepCount(Training.BatchesPerEpoch), importance);
        Train(network, dropper);
        bool learned = dropper is not null && _options.Dropping.Score == TokenDroppingScore.Loss;
        return new MaskedLanguageModelTransformer(EncoderModel.Copy(_state, network, learned ? dropper!.Importance.Values[..^1].ToArray() : importance));
    }

    private void Train(EncoderNetwork network, TokenDropper? dropper)
    {
        var corruption = new TokenCorruption(new MaskPolicy(_options.Masking.Rule(Seed), _vocabulary), _state.Network.VocabularySize);
        var step = new MaskedStep(network, _columns, corruption, Generator, Cancellation.LookAtHost)
        {
            Dropper = dropper,
            Consistency = _options.Dropping.Consistency,
            Representation = _options.Dropping.Representation,
        };
        Train(network, step, Validation is null ? null : new MaskedValidator(network, _columns, corruption, Validation, Device, Cancellation.LookAtHost), GroupOf);
    }

    /// <summary>Nothing is learned of the pooler, and it does not decay either.</summary>
    private static ParameterGroup GroupOf(string name, Tensor parameter) =>
        name.StartsWith(EncoderNetwork.PoolerPrefix, StringComparison.Ordinal) ? new ParameterGroup(WeightDecayFactor: 0) : ParameterGroup.ByShape(name, parameter);

    protected override (BatchSource Rows, MaskedRows Seen) Open(IDataView data, RowSplit? split, bool isTraining)
    {
        TokenAnnotations.RequireSame(data.Schema[_columns.Tokens], _state.Tokens!.Fingerprint);
        var seen = new MaskedRows(_state, [.. _vocabulary.SpecialIds], split, Host);
        return (Open(data, _columns.ToRead, seen, isTraining, _options.BucketByLength ? _columns.Tokens : null), seen);
    }

    protected override void CheckRows()
    {
        if (_options.Dropping is { Kind: TokenDroppingKind.Consistent, Representation: EncoderPooling.FirstToken } && Seen.WithoutSpecialStart > 0)
            Host.Warn(
                $"{Seen.WithoutSpecialStart} rows of the training data do not begin with a special token: their first token, whose vectors are compared, may itself be dropped. Use a tokenizer that sets one there, or set Dropping.Representation to Mean.");
    }

    protected override Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = RunOptions.Of(
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
        settings["Network"] = JsonSerializer.Serialize(_state.Network);
        settings["Tokenizer"] = _state.Tokens!.Fingerprint;
        using (NewDisposeScope())
            settings["Pretrained"] = _options.Pretrained is { } pretrained ? WeightDigest.Of(pretrained.Model.Weights.Select(weight => weight.Value)) : "null";
        return settings;
    }
}
