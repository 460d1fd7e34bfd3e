using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Contrastive;
using MLNetExt.Networks;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>One Fit of a <see cref="RewardModelTrainer"/>: reads the pairs, builds the tower, runs the loop.</summary>
internal sealed class RewardTraining : IDisposable
{
    private readonly ComponentHost _host;
    private readonly RewardModelOptions _options;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly RewardPairs _pairs;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly RewardRows _seen;
    private readonly RewardRows? _seenInValidation;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;

    public RewardTraining(ComponentHost host, RewardModelOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        _host = host;
        _options = options;
        _seed = options.Seed ?? host.DrawSeed();
        _generator = new Generator((ulong)_seed);
        _device = TorchDevice.Choose(host.Environment);
        try
        {
            RewardPairs pairs = Pairs(trainData.Schema);
            RowSplit? split = validationData is null && options.ValidationFraction > 0 ? new RowSplit(options.ValidationFraction, _seed) : null;
            (_rows, _seen) = Open(pairs, trainData, split, shuffle: true);
            _seen.LeftOut.Report(_host, "training");
            _pairs = pairs.With(isSparse: _rows.Columns.Any(c => c.IsSparse));
            if (validationData is not null)
            {
                (_validationRows, _seenInValidation) = Open(_pairs, validationData, split: null, shuffle: false);
                _seenInValidation.LeftOut.Report(_host, "validation");
                (_training, _validation) = (_rows, _validationRows);
            }
            else
            {
                (_training, _validation) = split is { } s ? _rows.Split(s) : (_rows, (BatchSource?)null);
            }

            if (_training.RowCount == 0)
                throw new ArgumentException("The training data has no rows that can be used.");
            ValidationPart.RequireRows(_validation, isGiven: _validationRows is not null);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public RewardModelTransformer Run()
    {
        using Tower tower = TowerFactory.Create(_pairs.Shape, _options.Tower, _seen.Statistics, _generator);
        if (_pairs.Shape.Kind == TowerKind.Linear)
            StartAtZero(tower);
        tower.to(_device);
        Train(tower);
        return new RewardModelTransformer(
            new RewardState(_pairs.Shape, _options.ChosenColumnName, _options.RejectedColumnName), TowerModel.Copy(_pairs.Shape, tower.state_dict()));
    }

    public void Dispose()
    {
        // Null when the constructor did not come so far.
        _rows?.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private RewardPairs Pairs(DataViewSchema schema)
    {
        var role = new TowerRole(nameof(_options.Tower), RewardColumns.Score, EmbeddingSize: 1, _options.ScoringBlockSize, _options.UnusableRows) { VectorKind = TowerKind.Linear };
        TowerShape shape = TowerChoice.Shape(role, _options.ChosenColumnName, _options.Tower, schema) with { Column = _options.InputColumnName };
        // Images that cannot be read are for RewardRows to judge.
        BatchColumn Side(string name) => shape.BatchColumn with { Name = name, Layout = VectorLayout.Auto, UnreadableIsMissing = shape.Input == ColumnKind.Image };
        var pairs = new RewardPairs(shape, Side(_options.ChosenColumnName), Side(_options.RejectedColumnName), _options.MarginColumnName);
        RequireInput(shape, schema);
        WarnOfOtherSlots(schema[pairs.Chosen.Name], schema[pairs.Rejected.Name]);
        return pairs;
    }

    /// <summary>Training does not read the single column, but what the transformer cannot score later is better known now.</summary>
    private static void RequireInput(TowerShape shape, DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(shape.Column) is null)
            return;
        try
        {
            EmbeddingScorer.RequireFit(shape, shape.BatchColumn.Bind(schema), schema);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException(
                $"InputColumnName ('{shape.Column}') must be made like the chosen side, because one network scores both; name another column, or leave it out of the data: {e.Message}", e);
        }
    }

    private (BatchSource Rows, RewardRows Seen) Open(RewardPairs pairs, IDataView data, RowSplit? split, bool shuffle)
    {
        BoundColumn[] bound = [.. pairs.Columns.Select(c => c.Bind(data.Schema))];
        foreach (BoundColumn side in bound.Take(2))
            EmbeddingScorer.RequireFit(pairs.Shape, side, data.Schema);
        var seen = new RewardRows(pairs, bound, split, _host);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        return (BatchSource.Open(data, pairs.Columns, options, seen, _options.Training.CancellationToken), seen);
    }

    /// <summary>As logistic regression does: what training never shows gets no reward. The loss is convex then, and needs no other start.</summary>
    private static void StartAtZero(Tower tower)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (Tensor weights in tower.parameters())
            weights.zero_();
    }

    private void Train(Tower tower)
    {
        using var cancellation = new RunCancellation(_host, _options.Training.CancellationToken);
        var step = new RewardStep(tower, _pairs, _generator, cancellation.LookAtHost);
        var loop = new TrainingLoop(tower, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Grouping = Group,
            Validator = _validation is null ? null : new RewardValidator(tower, _pairs, _validation, _generator, _device, cancellation.LookAtHost),
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

    private ParameterGroup Group(string name, Tensor parameter) => new(
        ParameterGroup.ByShape(name, parameter).WeightDecayFactor * _options.Tower.WeightDecayFactor, _options.Tower.LearningRateFactor);

    /// <summary>A featurizer that is fitted on each side by itself numbers its slots differently, and that is easily overlooked.</summary>
    private void WarnOfOtherSlots(DataViewSchema.Column chosen, DataViewSchema.Column rejected)
    {
        if (!chosen.HasSlotNames() || !rejected.HasSlotNames())
            return;
        VBuffer<ReadOnlyMemory<char>> chosenNames = default, rejectedNames = default;
        chosen.GetSlotNames(ref chosenNames);
        rejected.GetSlotNames(ref rejectedNames);
        (string Chosen, string Rejected) other = chosenNames.DenseValues().Zip(rejectedNames.DenseValues(), (c, r) => (c.ToString(), r.ToString())).FirstOrDefault(names => names.Item1 != names.Item2);
        if (other.Chosen is not null)
            _host.Warn($"A slot is '{other.Chosen}' in column '{chosen.Name}' and '{other.Rejected}' in column '{rejected.Name}': one network scores both, so that one featurizer, fitted on both sides together, must make both (docs/reward-model.md).");
    }

    private Dictionary<string, string> RunIdentity()
    {
        Dictionary<string, string> identity = RunOptions.Of(
            _options,
            nameof(RewardModelOptions.Training),
            nameof(RewardModelOptions.ScoringBlockSize),
            nameof(RewardModelOptions.MemoryBudgetBytes),
            nameof(RewardModelOptions.ChosenColumnName),
            nameof(RewardModelOptions.RejectedColumnName),
            nameof(RewardModelOptions.InputColumnName));
        identity["Seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        identity["Tower.Shape"] = JsonSerializer.Serialize(_pairs.Shape with { Column = "", ScoringBlockSize = 1, Tokens = null });
        identity["Tower.Tokenizer"] = _pairs.Shape.Tokens?.Fingerprint ?? "none";
        if (_options.Tower.Encoder is not null)
            identity["Tower.Encoder"] = _options.Tower.StartDigest;
        identity["training data"] = _seen.Digest.ToString();
        if (_seenInValidation is not null)
            identity["validation data"] = _seenInValidation.Digest.ToString();
        return identity;
    }
}
