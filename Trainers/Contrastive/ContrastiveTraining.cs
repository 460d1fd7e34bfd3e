using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>One Fit of a <see cref="SigmoidContrastiveTrainer"/>: reads the data, builds towers and objective, runs the loop.</summary>
internal sealed class ContrastiveTraining : TrainerFit<ContrastiveRows>
{
    private readonly SigmoidContrastiveOptions _options;
    private ContrastivePairs _pairs;

    public ContrastiveTraining(ComponentHost host, SigmoidContrastiveOptions options, IDataView trainData, IDataView? validationData)
        : base(host, options)
    {
        _options = options;
        TrainingSide left = TrainingSide.Of(nameof(options.Left), options.LeftColumnName, options.Left, options, trainData.Schema);
        TrainingSide right = TrainingSide.Of(nameof(options.Right), options.RightColumnName, options.Right, options, trainData.Schema);
        _pairs = new ContrastivePairs(left, right, Match(left, right));
        Read(trainData, validationData, options.ValidationFraction);
    }

    protected override string NoRows => "The training data has no rows that can be used.";

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public ContrastiveTransformer Run()
    {
        using var network = new ContrastiveNetwork(
            CreateTower(_pairs.Left), CreateTower(_pairs.Right), _options.InitialTemperature, _options.InitialBias, _options.LearnBias && _options.Loss == ContrastiveLoss.Sigmoid);
        network.to(Device);
        Train(network);
        var state = new ContrastiveState(
            _pairs.Left.Shape, _pairs.Right.Shape, _options.Loss, Math.Exp(network.LogTemperature.ToDouble()), network.Bias.ToDouble());
        TowerModel left = Finish(_pairs.Left, network.Left);
        try
        {
            return new ContrastiveTransformer(state, left, Finish(_pairs.Right, network.Right));
        }
        catch
        {
            left.Dispose();
            throw;
        }
    }

    private void Train(ContrastiveNetwork network)
    {
        IContrastiveObjective objective = _options.Loss == ContrastiveLoss.Softmax
            ? new SoftmaxContrastive()
            : new SigmoidContrastive(new NegativeSelection(_options.Negatives, _options.NegativesPerPositive), Generator);
        // Drawing negatives in a validation must not change the training that follows: it takes them all.
        IContrastiveObjective validated = _options.Loss == ContrastiveLoss.Softmax ? objective : new SigmoidContrastive();
        var step = new ContrastiveStep(network, _pairs, objective, Generator, Cancellation.LookAtHost) { MicroBatchSize = _options.MicroBatchSize };
        Train(network, step, Validation is null ? null : new ContrastiveValidator(network, _pairs, validated, Validation, Generator, Device, Cancellation.LookAtHost) { MicroBatchSize = _options.MicroBatchSize }, Group);
    }

    private ParameterGroup Group(string name, Tensor parameter)
    {
        ParameterGroup usual = ParameterGroup.ByShape(name, parameter);
        TowerOptions? tower = ContrastiveNetwork.IsLeft(name) ? _options.Left : ContrastiveNetwork.IsRight(name) ? _options.Right : null;
        return tower is null ? usual : new ParameterGroup(usual.WeightDecayFactor * tower.WeightDecayFactor, tower.LearningRateFactor);
    }

    private BatchColumn? Match(TrainingSide left, TrainingSide right) => _options.Matching switch
    {
        PairMatching.EqualRight => right.Identity,
        PairMatching.EqualLeft => left.Identity,
        PairMatching.Group => BatchColumn.Key(_options.GroupColumnName!),
        _ => null,
    };

    /// <summary>Opens data; what the first rows say of sparseness is kept, so that validation data and the model read vectors in the same way.</summary>
    protected override (BatchSource Rows, ContrastiveRows Seen) Open(IDataView data, RowSplit? split, bool isTraining)
    {
        IDataView prepared = _pairs.Right.Prepare(_pairs.Left.Prepare(data));
        IReadOnlyList<BatchColumn> columns = _pairs.Columns;
        BoundColumn[] bound = [.. columns.Select(c => c.Bind(prepared.Schema))];
        RequireFit(_pairs.Left, prepared);
        RequireFit(_pairs.Right, prepared);
        var seen = new ContrastiveRows(_pairs, bound, _options.UnusableRows, split, Host);
        BatchSource rows = Open(prepared, columns, seen, isTraining);
        bool IsSparse(TrainingSide side) => rows.Columns.Any(c => c.Name == side.Source.Name && c.IsSparse);
        _pairs = _pairs with { Left = _pairs.Left.With(IsSparse(_pairs.Left)), Right = _pairs.Right.With(IsSparse(_pairs.Right)) };
        return (rows, seen);
    }

    private static void RequireFit(TrainingSide side, IDataView data) =>
        EmbeddingScorer.RequireFit(side.Shape, side.Source.Bind(data.Schema), data.Schema);

    private Tower CreateTower(TrainingSide side)
    {
        if (side.Options.IsLocked)
            return TowerFactory.Identity(side.Shape.EmbeddingSize, Generator);
        int column = Training.Columns.Select((c, i) => (c.Name, i)).First(c => c.Name == side.Column.Name).i;
        Tower tower = TowerFactory.Create(side.Shape, side.Options, Seen.Statistics[column], Generator);
        if (side.Options.Pretrained is not { } pretrained)
            return tower;
        using var noGradients = no_grad();
        foreach ((string name, Tensor tensor) in tower.state_dict())
            tensor.copy_(pretrained.Model.Weights[name]);
        return tower;
    }

    private static TowerModel Finish(TrainingSide side, Tower trained) =>
        TowerModel.Copy(side.Shape, side.Options.IsLocked ? side.Options.Pretrained!.Model.Weights : trained.state_dict());

    protected override void CheckRows()
    {
        if (Training.RowCount == 1)
            throw new ArgumentException("The training data has a single row: there is nothing to contrast it with.");
        if (new[] { _pairs.Left, _pairs.Right }.All(side => side.Options.IsLocked || side.Shape.Kind == TowerKind.Identity))
            throw new ArgumentException("Neither side has anything to train: both are locked or pass their vectors on as they are.");
        WarnOfWhatIsSlowOrWeak();
    }

    private void WarnOfWhatIsSlowOrWeak()
    {
        if (_options.Training.GradientAccumulationSteps > 1)
            Host.Warn($"GradientAccumulationSteps is {_options.Training.GradientAccumulationSteps}: each of the batches is contrasted with itself alone. For a larger batch set BatchSize, and MicroBatchSize to what memory allows.");
        if (_options.MicroBatchSize > 0 && Device.type != DeviceType.CPU && new[] { _pairs.Left, _pairs.Right }.Any(side => side.Shape.Kind == TowerKind.Custom))
            Host.Warn("MicroBatchSize with a network of your own on a GPU: its dropout draws anew in the second pass, so that the gradient is not that of the loss. Take torch's dropout out of it, or set MicroBatchSize to 0.");
        if ((_options.Left.IsLocked || _options.Right.IsLocked) && !Training.IsCached)
            Host.Warn("The rows do not fit MemoryBudgetBytes: the locked tower's embeddings are computed anew in each epoch. Raise MemoryBudgetBytes to keep them.");
    }

    protected override Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = RunOptions.Of(
            _options,
            nameof(SigmoidContrastiveOptions.Training),
            nameof(SigmoidContrastiveOptions.ScoringBlockSize),
            nameof(SigmoidContrastiveOptions.MemoryBudgetBytes),
            nameof(SigmoidContrastiveOptions.LeftColumnName),
            nameof(SigmoidContrastiveOptions.RightColumnName),
            nameof(SigmoidContrastiveOptions.GroupColumnName));
        foreach (TrainingSide side in new[] { _pairs.Left, _pairs.Right })
        {
            settings[$"{side.Name}.Shape"] = JsonSerializer.Serialize(side.Shape with { Column = "", OutputColumn = "", ScoringBlockSize = 1, Tokens = null });
            settings[$"{side.Name}.Tokenizer"] = side.Shape.Tokens?.Fingerprint ?? "none";
            settings[$"{side.Name}.Pretrained"] = side.Options.StartDigest;
        }

        return settings;
    }
}
