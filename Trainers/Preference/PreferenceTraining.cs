using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>One Fit of a trainer of preferences: makes sequences of the rows, copies the model, runs the loop.</summary>
internal sealed class PreferenceTraining : TrainerFit<PreferenceRows>
{
    // Enough for the quantiles of the margins at the start.
    private const int PairsMeasured = 256;

    private readonly PreferenceTrainerOptions _options;
    private readonly CausalModel _model;
    private readonly CausalModel _reference;
    private readonly PreferenceState _state;

    public PreferenceTraining(ComponentHost host, PreferenceTrainerOptions options, IDataView trainData, IDataView? validationData)
        : base(host, options)
    {
        _options = options;
        _model = options.Model!.Model;
        _reference = (options.Reference ?? options.Model).Model;
        CausalState model = _model.State with { ScoringBlockSize = options.ScoringBlockSize, Adapters = options.Adapters is { Merge: false } apart ? apart.Shape : null };
        _state = new PreferenceState(model, options.Columns, new CompletionEncoding(options.Length, options.MaxPromptLength, options.Truncation, options.AppendEnd ? model.EndId : null));
        Read(trainData, validationData, options.ValidationFraction);
    }

    private bool ReadsReference => _options.NeedsReference && _options.PrecomputeReference;

    /// <summary>The rows that are trained on.</summary>
    public long RowCount => Training.RowCount;

    protected override string NoRows => "The training data has no rows from which anything can be learned: warnings say which were left out, and why.";

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public PreferenceTransformer Run()
    {
        using DecoderNetwork network = CopyOnDevice(_model, _options.Adapters);
        network.RecomputesActivations = _options.RecomputeActivations;
        Train(network);
        return new PreferenceTransformer(_state, CausalModel.Copy(_state.Model, network));
    }

    private void Train(DecoderNetwork network)
    {
        IPreferenceObjective objective = CreateObjective(network);
        using DecoderNetwork? reference = _options.NeedsReference && !_options.PrecomputeReference ? CopyOnDevice(_reference, adapters: null) : null;
        reference?.eval();
        var forward = new PreferenceForward(network, objective, reference);
        var step = new PreferenceStep(forward, _state.Columns, Generator, Cancellation.LookAtHost);
        Train(network, step, Validation is null ? null : new PreferenceValidator(forward, _state.Columns, Validation, Device, Cancellation.LookAtHost));
    }

    private DecoderNetwork CopyOnDevice(CausalModel model, LowRankOptions? adapters)
    {
        DecoderOptions shape = model.State.Network;
        var network = new DecoderNetwork(_options.DisableDropout ? shape.WithDropout(0) : shape, Generator);
        CausalModel.CopyWeights(model.Network, network);
        if (adapters is not null)
            network.AddAdapters(adapters.Shape);
        network.to(Device);
        return network;
    }

    protected override (BatchSource Rows, PreferenceRows Seen) Open(IDataView data, RowSplit? split, bool isTraining)
    {
        var sequences = new PreferenceSequences(data.Schema, _state.Columns, new PreferenceEncoder(_model, _state.Encoding), ReadsReference ? _reference : null);
        var view = new BlockScoringView(data, sequences, _options.ScoringBlockSize);
        var seen = new PreferenceRows(_state.Columns, Host);
        BatchSource rows = Open(view, PreferenceRows.ToRead(_state.Columns), seen, isTraining);
        if (ReadsReference && !rows.IsCached)
            Host.Warn("The rows are too many for MemoryBudgetBytes, so that the reference model's log-probabilities are computed anew in each epoch: raise it.");
        return (rows, seen);
    }

    private IPreferenceObjective CreateObjective(DecoderNetwork network)
    {
        if (!_options.MeasuresStart)
            return _options.CreateObjective(start: null);
        List<double> margins = MeasureStart(network);
        var start = MarginQuantiles.Of(margins);
        Host.Info(string.Create(
            CultureInfo.InvariantCulture,
            $"Margins at the start, log p(chosen) - log p(rejected){(_options.MarginsArePerToken ? " per token" : "")}: 10 % {start.P10:G4}, 50 % {start.P50:G4}, 90 % {start.P90:G4}, standard deviation {start.Deviation:G4}"));
        if (!double.IsFinite(start.Deviation))
            throw new InvalidOperationException("The margins at the start are not finite: the model's weights are damaged, or its log-probabilities overflow.");
        IPreferenceObjective objective = _options.CreateObjective(start);
        if (_options is PairwiseCringeOptions options && objective is PairwiseCringe cringe)
            StartGate.Warnings(options, cringe, margins).ToList().ForEach(Host.Warn);
        return objective;
    }

    /// <summary>The margins that the objective compares, of the first pairs of the first epoch, without dropout.</summary>
    private List<double> MeasureStart(DecoderNetwork network)
    {
        List<double> margins = [];
        network.eval();
        foreach (TensorBatch batch in Training.Read(epoch: 0))
        {
            using var scope = NewDisposeScope();
            CompletionScores scores = PreferenceBatch.Of(_state.Columns, batch.To(Device)).Scores(network);
            (Tensor chosen, Tensor rejected) = scores.Pairs(_options.MarginsArePerToken ? scores.Means : scores.Sums);
            margins.AddRange((chosen - rejected).data<double>());
            if (margins.Count >= PairsMeasured)
                break;
        }

        network.train();
        return margins;
    }

    protected override void CheckRows()
    {
        if (_options.NeedsDesired && !Seen.HasDesired)
            throw new ArgumentException($"Column '{_state.Columns.Label}' is false in every row of the training data that can be used, and the loss learns from desired completions alone.");
        if (_options.NeedsDesired && Validation is { RowCount: > 0 } && SeenInValidation is { HasDesired: false })
            throw new ArgumentException($"Column '{_state.Columns.Label}' is false in every row of the validation data that can be used: without a desired completion there is no loss.");
    }

    protected override Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = RunOptions.Of(
            _options,
            nameof(PreferenceTrainerOptions.Training),
            nameof(PreferenceTrainerOptions.Epochs),
            nameof(PreferenceTrainerOptions.LearningRate),
            nameof(PreferenceTrainerOptions.ScoringBlockSize),
            nameof(PreferenceTrainerOptions.MemoryBudgetBytes),
            nameof(PreferenceTrainerOptions.RecomputeActivations),
            nameof(PreferenceTrainerOptions.PrecomputeReference));
        settings["Network"] = JsonSerializer.Serialize(_state.Model.Network);
        settings["Tokenizer"] = _state.Model.Tokens?.Fingerprint ?? "none";
        settings["Model"] = WeightDigest.Of(_model.Network.state_dict().Values);
        if (_options.NeedsReference)
            settings["Reference"] = WeightDigest.Of(_reference.Network.state_dict().Values);
        return settings;
    }
}
