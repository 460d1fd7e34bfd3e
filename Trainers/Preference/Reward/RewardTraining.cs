using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Contrastive;
using MLNetExt.Fitting;
using MLNetExt.Networks;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>One Fit of a <see cref="RewardModelTrainer"/>: reads the pairs, builds the tower, runs the loop.</summary>
internal sealed class RewardTraining : TrainerFit<RewardRows>
{
    private readonly RewardModelOptions _options;
    private RewardPairs _pairs;

    public RewardTraining(ComponentHost host, RewardModelOptions options, IDataView trainData, IDataView? validationData)
        : base(host, options)
    {
        _options = options;
        _pairs = Pairs(trainData.Schema);
        Read(trainData, validationData, options.ValidationFraction);
    }

    protected override string NoRows => "The training data has no rows that can be used.";

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public RewardModelTransformer Run()
    {
        using Tower tower = TowerFactory.Create(_pairs.Shape, _options.Tower, Seen.Statistics, Generator);
        if (_pairs.Shape.Kind == TowerKind.Linear)
            StartAtZero(tower);
        tower.to(Device);
        Train(tower);
        return new RewardModelTransformer(
            new RewardState(_pairs.Shape, _options.ChosenColumnName, _options.RejectedColumnName), TowerModel.Copy(_pairs.Shape, tower.state_dict()));
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

    /// <summary>Opens data; what the first rows say of sparseness is kept, so that validation data and the model read vectors in the same way.</summary>
    protected override (BatchSource Rows, RewardRows Seen) Open(IDataView data, RowSplit? split, bool isTraining)
    {
        BoundColumn[] bound = [.. _pairs.Columns.Select(c => c.Bind(data.Schema))];
        foreach (BoundColumn side in bound.Take(2))
            EmbeddingScorer.RequireFit(_pairs.Shape, side, data.Schema);
        var seen = new RewardRows(_pairs, bound, split, Host);
        BatchSource rows = Open(data, _pairs.Columns, seen, isTraining);
        _pairs = _pairs.With(isSparse: rows.Columns.Any(c => c.IsSparse));
        return (rows, seen);
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
        var step = new RewardStep(tower, _pairs, Generator, Cancellation.LookAtHost);
        Train(tower, step, Validation is null ? null : new RewardValidator(tower, _pairs, Validation, Generator, Device, Cancellation.LookAtHost), Group);
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
            Host.Warn($"A slot is '{other.Chosen}' in column '{chosen.Name}' and '{other.Rejected}' in column '{rejected.Name}': one network scores both, so that one featurizer, fitted on both sides together, must make both (docs/reward-model.md).");
    }

    protected override Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = RunOptions.Of(
            _options,
            nameof(RewardModelOptions.Training),
            nameof(RewardModelOptions.ScoringBlockSize),
            nameof(RewardModelOptions.MemoryBudgetBytes),
            nameof(RewardModelOptions.ChosenColumnName),
            nameof(RewardModelOptions.RejectedColumnName),
            nameof(RewardModelOptions.InputColumnName));
        settings["Tower.Shape"] = JsonSerializer.Serialize(_pairs.Shape with { Column = "", ScoringBlockSize = 1, Tokens = null });
        settings["Tower.Tokenizer"] = _pairs.Shape.Tokens?.Fingerprint ?? "none";
        if (_options.Tower.Encoder is not null)
            settings["Tower.Encoder"] = _options.Tower.StartDigest;
        return settings;
    }
}
