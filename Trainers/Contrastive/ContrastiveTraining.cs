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

namespace MLNetExt.Contrastive;

/// <summary>One Fit of a <see cref="SigmoidContrastiveTrainer"/>: reads the data, builds towers and objective, runs the loop.</summary>
internal sealed class ContrastiveTraining : IDisposable
{
    private readonly ComponentHost _host;
    private readonly SigmoidContrastiveOptions _options;
    private readonly int _seed;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly ContrastivePairs _pairs;
    private readonly BatchSource _rows;
    private readonly BatchSource? _validationRows;
    private readonly ContrastiveRows _seen;
    private readonly ContrastiveRows? _seenInValidation;
    private readonly BatchSource _training;
    private readonly BatchSource? _validation;

    public ContrastiveTraining(ComponentHost host, SigmoidContrastiveOptions options, IDataView trainData, IDataView? validationData)
    {
        LibTorch.EnsureLoaded();
        _host = host;
        _options = options;
        _seed = options.Seed ?? host.DrawSeed();
        _generator = new Generator((ulong)_seed);
        _device = TorchDevice.Choose(host.Environment);
        try
        {
            TrainingSide left = TrainingSide.Of(nameof(options.Left), options.LeftColumnName, options.Left, options, trainData.Schema);
            TrainingSide right = TrainingSide.Of(nameof(options.Right), options.RightColumnName, options.Right, options, trainData.Schema);

            RowSplit? split = validationData is null && options.ValidationFraction > 0 ? new RowSplit(options.ValidationFraction, _seed) : null;
            (_rows, _seen, _pairs) = Open(new ContrastivePairs(left, right, Match(left, right)), trainData, split, shuffle: true);
            _seen.LeftOut.Report(_host, "training");
            if (validationData is not null)
            {
                (_validationRows, _seenInValidation, _) = Open(_pairs, validationData, split: null, shuffle: false);
                _seenInValidation.LeftOut.Report(_host, "validation");
                (_training, _validation) = (_rows, _validationRows);
            }
            else
            {
                (_training, _validation) = split is { } s ? _rows.Split(s) : (_rows, (BatchSource?)null);
            }

            RequireSomethingToLearn();
            WarnOfWhatIsSlowOrWeak();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Trains, and hands over the transformer, which the caller owns.</summary>
    public ContrastiveTransformer Run()
    {
        using var network = new ContrastiveNetwork(
            CreateTower(_pairs.Left), CreateTower(_pairs.Right), _options.InitialTemperature, _options.InitialBias, _options.LearnBias && _options.Loss == ContrastiveLoss.Sigmoid);
        network.to(_device);
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

    public void Dispose()
    {
        // Null when the constructor did not come so far.
        _rows?.Dispose();
        _validationRows?.Dispose();
        _generator.Dispose();
    }

    private void Train(ContrastiveNetwork network)
    {
        using var cancellation = new RunCancellation(_host, _options.Training.CancellationToken);
        IContrastiveObjective objective = _options.Loss == ContrastiveLoss.Softmax
            ? new SoftmaxContrastive()
            : new SigmoidContrastive(new NegativeSelection(_options.Negatives, _options.NegativesPerPositive), _generator);
        // Drawing negatives in a validation must not change the training that follows: it takes them all.
        IContrastiveObjective validated = _options.Loss == ContrastiveLoss.Softmax ? objective : new SigmoidContrastive();
        var step = new ContrastiveStep(network, _pairs, objective, _generator, cancellation.LookAtHost) { MicroBatchSize = _options.MicroBatchSize };
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(cancellation.Token, new EpochLog(_host, _options.Training.Progress)))
        {
            Grouping = Group,
            Validator = _validation is null ? null : new ContrastiveValidator(network, _pairs, validated, _validation, _generator, _device, cancellation.LookAtHost) { MicroBatchSize = _options.MicroBatchSize },
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
    private (BatchSource Rows, ContrastiveRows Seen, ContrastivePairs Pairs) Open(ContrastivePairs pairs, IDataView data, RowSplit? split, bool shuffle)
    {
        IDataView prepared = pairs.Right.Prepare(pairs.Left.Prepare(data));
        IReadOnlyList<BatchColumn> columns = pairs.Columns;
        BoundColumn[] bound = [.. columns.Select(c => c.Bind(prepared.Schema))];
        RequireFit(pairs.Left, prepared);
        RequireFit(pairs.Right, prepared);
        var seen = new ContrastiveRows(pairs, bound, _options.UnusableRows, split, _host);
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _seed,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        BatchSource rows = BatchSource.Open(prepared, columns, options, seen, _options.Training.CancellationToken);
        bool IsSparse(TrainingSide side) => rows.Columns.Any(c => c.Name == side.Source.Name && c.IsSparse);
        return (rows, seen, pairs with { Left = pairs.Left.With(IsSparse(pairs.Left)), Right = pairs.Right.With(IsSparse(pairs.Right)) });
    }

    private static void RequireFit(TrainingSide side, IDataView data) =>
        EmbeddingScorer.RequireFit(side.Shape, side.Source.Bind(data.Schema), data.Schema);

    private Tower CreateTower(TrainingSide side)
    {
        if (side.Options.IsLocked)
            return TowerFactory.Identity(side.Shape.EmbeddingSize, _generator);
        int column = _rows.Columns.Select((c, i) => (c.Name, i)).First(c => c.Name == side.Column.Name).i;
        Tower tower = TowerFactory.Create(side.Shape, side.Options, _seen.Statistics[column], _generator);
        if (side.Options.Pretrained is not { } pretrained)
            return tower;
        using var noGradients = no_grad();
        foreach ((string name, Tensor tensor) in tower.state_dict())
            tensor.copy_(pretrained.Model.Weights[name]);
        return tower;
    }

    private static TowerModel Finish(TrainingSide side, Tower trained) =>
        TowerModel.Copy(side.Shape, side.Options.IsLocked ? side.Options.Pretrained!.Model.Weights : trained.state_dict());

    private void RequireSomethingToLearn()
    {
        if (_training.RowCount == 0)
            throw new ArgumentException("The training data has no rows that can be used.");
        if (_training.RowCount == 1)
            throw new ArgumentException("The training data has a single row: there is nothing to contrast it with.");
        if (new[] { _pairs.Left, _pairs.Right }.All(side => side.Options.IsLocked || side.Shape.Kind == TowerKind.Identity))
            throw new ArgumentException("Neither side has anything to train: both are locked or pass their vectors on as they are.");
        ValidationPart.RequireRows(_validation, isGiven: _validationRows is not null);
    }

    private void WarnOfWhatIsSlowOrWeak()
    {
        if (_options.Training.GradientAccumulationSteps > 1)
            _host.Warn($"GradientAccumulationSteps is {_options.Training.GradientAccumulationSteps}: each of the batches is contrasted with itself alone. For a larger batch set BatchSize, and MicroBatchSize to what memory allows.");
        if (_options.MicroBatchSize > 0 && _device.type != DeviceType.CPU && new[] { _pairs.Left, _pairs.Right }.Any(side => side.Shape.Kind == TowerKind.Custom))
            _host.Warn("MicroBatchSize with a network of your own on a GPU: its dropout draws anew in the second pass, so that the gradient is not that of the loss. Take torch's dropout out of it, or set MicroBatchSize to 0.");
        if ((_options.Left.IsLocked || _options.Right.IsLocked) && !_rows.IsCached)
            _host.Warn("The rows do not fit MemoryBudgetBytes: the locked tower's embeddings are computed anew in each epoch. Raise MemoryBudgetBytes to keep them.");
    }

    private Dictionary<string, string> RunIdentity()
    {
        Dictionary<string, string> identity = RunOptions.Of(
            _options,
            nameof(SigmoidContrastiveOptions.Training),
            nameof(SigmoidContrastiveOptions.ScoringBlockSize),
            nameof(SigmoidContrastiveOptions.MemoryBudgetBytes),
            nameof(SigmoidContrastiveOptions.LeftColumnName),
            nameof(SigmoidContrastiveOptions.RightColumnName),
            nameof(SigmoidContrastiveOptions.GroupColumnName));
        identity["Seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        foreach (TrainingSide side in new[] { _pairs.Left, _pairs.Right })
        {
            identity[$"{side.Name}.Shape"] = JsonSerializer.Serialize(side.Shape with { Column = "", OutputColumn = "", ScoringBlockSize = 1, Tokens = null });
            identity[$"{side.Name}.Tokenizer"] = side.Shape.Tokens?.Fingerprint ?? "none";
            identity[$"{side.Name}.Pretrained"] = side.Options.StartDigest;
        }

        identity["training data"] = _seen.Digest.ToString();
        if (_seenInValidation is not null)
            identity["validation data"] = _seenInValidation.Digest.ToString();
        return identity;
    }
}
