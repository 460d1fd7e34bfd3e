using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>One Fit of a trainer of preferences: makes sequences of the rows, copies the model, runs the loop.</summary>
internal sealed class PreferenceTraining : IDisposable
{
    // Enough for the quantiles of the margins at the start.
    private const int PairsMeasured = 256;

    private readonly ComponentHost _host;
    private readonly PreferenceTrainerOptions _options;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly CausalModel _model;
    private readonly CausalModel _reference;
    private readonly PreferenceState _state;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly PreferenceRows _seen;
    private readonly PreferenceRows? _seenInValidation;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;

    public PreferenceTraining(ComponentHost host, PreferenceTrainerOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        (_host, _options) = (host, options);
        _seed = options.Seed ?? host.DrawSeed();
        _generator = new Generator((ulong)_seed);
        _device = TorchDevice.Choose(host.Environment);
        _model = options.Model!.Model;
        _reference = (options.Reference ?? options.Model).Model;
        CausalState model = _model.State with { ScoringBlockSize = options.ScoringBlockSize, Adapters = options.Adapters is { Merge: false } apart ? apart.Shape : null };
        _state = new PreferenceState(model, options.Columns, new CompletionEncoding(options.Length, options.MaxPromptLength, options.Truncation, options.AppendEnd ? model.EndId : null));

        try
        {
            (_rows, _seen) = Open(trainData, shuffle: true);
            _seen.Report("training");
            if (validationData is not null)
            {
                (_validationRows, _seenInValidation) = Open(validationData, shuffle: false);
                _seenInValidation.Report("validation");
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

    private bool ReadsReference => _options.NeedsReference && _options.PrecomputeReference;

    /// <summary>The rows that are trained on.</summary>
    public long RowCount => _training.RowCount;

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public PreferenceTransformer Run()
    {
        using DecoderNetwork network = CopyOnDevice(_model, _options.Adapters);
        network.RecomputesActivations = _options.RecomputeActivations;
        Train(network);
        return new PreferenceTransformer(_state, CausalModel.Copy(_state.Model, network));
    }

    public void Dispose()
    {
        // The constructor may not have got as far.
        _rows?.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private void Train(DecoderNetwork network)
    {
        using var cancellation = new RunCancellation(_host, _options.Training.CancellationToken);
        IPreferenceObjective objective = CreateObjective(network);
        using DecoderNetwork? reference = _options.NeedsReference && !_options.PrecomputeReference ? CopyOnDevice(_reference, adapters: null) : null;
        reference?.eval();
        var forward = new PreferenceForward(network, objective, reference);
        var step = new PreferenceStep(forward, _state.Columns, _generator, cancellation.LookAtHost);
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Grouping = ParameterGroup.ByShape,
            Validator = _validation is null ? null : new PreferenceValidator(forward, _state.Columns, _validation, _device, cancellation.LookAtHost),
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

    private DecoderNetwork CopyOnDevice(CausalModel model, LowRankOptions? adapters)
    {
        DecoderOptions shape = model.State.Network;
        var network = new DecoderNetwork(_options.DisableDropout ? shape.WithDropout(0) : shape, _generator);
        CausalModel.CopyWeights(model.Network, network);
        if (adapters is not null)
            network.AddAdapters(adapters.Shape);
        network.to(_device);
        return network;
    }

    private (BatchSource Rows, PreferenceRows Seen) Open(IDataView data, bool shuffle)
    {
        var sequences = new PreferenceSequences(data.Schema, _state.Columns, new PreferenceEncoder(_model, _state.Encoding), ReadsReference ? _reference : null);
        var view = new BlockScoringView(data, sequences, _options.ScoringBlockSize);
        var seen = new PreferenceRows(_state.Columns, _host);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        BatchSource rows = BatchSource.Open(view, PreferenceRows.ToRead(_state.Columns), options, seen, _options.Training.CancellationToken);
        if (ReadsReference && !rows.IsCached)
            _host.Warn("The rows are too many for MemoryBudgetBytes, so that the reference model's log-probabilities are computed anew in each epoch: raise it.");
        return (rows, seen);
    }

    private IPreferenceObjective CreateObjective(DecoderNetwork network)
    {
        if (!_options.MeasuresStart)
            return _options.CreateObjective(start: null);
        List<double> margins = MeasureStart(network);
        var start = MarginQuantiles.Of(margins);
        _host.Info(string.Create(
            CultureInfo.InvariantCulture,
            $"Margins at the start, log p(chosen) - log p(rejected){(_options.MarginsArePerToken ? " per token" : "")}: 10 % {start.P10:G4}, 50 % {start.P50:G4}, 90 % {start.P90:G4}, standard deviation {start.Deviation:G4}"));
        if (!double.IsFinite(start.Deviation))
            throw new InvalidOperationException("The margins at the start are not finite: the model's weights are damaged, or its log-probabilities overflow.");
        IPreferenceObjective objective = _options.CreateObjective(start);
        if (_options is PairwiseCringeOptions options && objective is PairwiseCringe cringe)
            StartGate.Warnings(options, cringe, margins).ToList().ForEach(_host.Warn);
        return objective;
    }

    /// <summary>The margins that the objective compares, of the first pairs of the first epoch, without dropout.</summary>
    private List<double> MeasureStart(DecoderNetwork network)
    {
        List<double> margins = [];
        network.eval();
        foreach (TensorBatch batch in _training.Read(epoch: 0))
        {
            using var scope = NewDisposeScope();
            CompletionScores scores = PreferenceBatch.Of(_state.Columns, batch.To(_device)).Scores(network);
            (Tensor chosen, Tensor rejected) = scores.Pairs(_options.MarginsArePerToken ? scores.Means : scores.Sums);
            margins.AddRange((chosen - rejected).data<double>());
            if (margins.Count >= PairsMeasured)
                break;
        }

        network.train();
        return margins;
    }

    private void RequireSomethingToLearn()
    {
        if (_training.RowCount == 0)
            throw new ArgumentException("The training data has no rows from which anything can be learned: warnings say which were left out, and why.");
        ValidationPart.RequireRows(_validation, isGiven: _validationRows is not null);
        if (_options.NeedsDesired && !_seen.HasDesired)
            throw new ArgumentException($"Column '{_state.Columns.Label}' is false in every row of the training data that can be used, and the loss learns from desired completions alone.");
        if (_options.NeedsDesired && _seenInValidation is { HasDesired: false })
            throw new ArgumentException($"Column '{_state.Columns.Label}' is false in every row of the validation data that can be used: without a desired completion there is no loss.");
    }

    private Dictionary<string, string> RunIdentity()
    {
        Dictionary<string, string> identity = RunOptions.Of(
            _options,
            nameof(PreferenceTrainerOptions.Training),
            nameof(PreferenceTrainerOptions.Epochs),
            nameof(PreferenceTrainerOptions.LearningRate),
            nameof(PreferenceTrainerOptions.ScoringBlockSize),
            nameof(PreferenceTrainerOptions.MemoryBudgetBytes),
            nameof(PreferenceTrainerOptions.RecomputeActivations),
            nameof(PreferenceTrainerOptions.PrecomputeReference));
        identity["Seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        identity["Network"] = JsonSerializer.Serialize(_state.Model.Network);
        identity["Tokenizer"] = _state.Model.Tokens?.Fingerprint ?? "none";
        identity["Model"] = WeightDigest.Of(_model.Network.state_dict().Values);
        if (_options.NeedsReference)
            identity["Reference"] = WeightDigest.Of(_reference.Network.state_dict().Values);
        identity["training data"] = _seen.Digest.ToString();
        if (_seenInValidation is not null)
            identity["validation data"] = _seenInValidation.Digest.ToString();
        return identity;
    }
}
