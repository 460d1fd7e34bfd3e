using MLNetExt.Columns;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Training;

/// <summary>The state of a run of <see cref="TrainingLoop"/>, and what a step, an epoch and a checkpoint do to it.</summary>
internal sealed partial class TrainingRun : IDisposable
{
    private readonly TrainingLoop _loop;
    private readonly TrainingOptions _options;
    private readonly Module _network;
    private readonly IBatchSource _batches;
    private readonly FlatParameters _parameters;
    private readonly IOptimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly EarlyStopping _stopping;
    private readonly LossMeter _losses;
    private readonly WeightSnapshot _bestWeights;
    private readonly CheckpointStore? _checkpoints;
    private readonly long _steps;
    private ProgressReporter _progress;
    private IReadOnlyList<ValidationMetric> _validation = [];
    private int _epoch;
    private int _batch;
    private long _step;
    private bool _isFirstStep = true;

    public TrainingRun(TrainingLoop loop, IBatchSource batches)
    {
        _loop = loop;
        _options = loop.Options;
        _network = loop.Network;
        _batches = batches;
        _parameters = new FlatParameters(_network, loop.Grouping);
        _losses = new LossMeter(readsLate: _parameters.Device.type != DeviceType.CPU);
        _optimizer = _options.Optimizer == OptimizerKind.AdamW
            ? new AdamW(_parameters, _options)
            : new SgdNesterov(_parameters, _options);
        _steps = _options.StepCount(batches.BatchesPerEpoch);
        _schedule = new LearningRateSchedule(_options, _steps);
        _stopping = new EarlyStopping(_options.EarlyStoppingPatience);
        _bestWeights = new WeightSnapshot(_network);
        _checkpoints = _options.CheckpointFolder is { } folder
            ? new CheckpointStore(folder, _options.CheckpointsToKeep, loop.Warn)
            : null;
        _progress = new ProgressReporter(_options, _losses, loop.Clock, 0, _steps);
    }

    public bool IsFinished => _epoch >= _options.Epochs || _step >= _steps || _stopping.ShouldStop;

    public void TrainEpoch()
    {
        _network.train();
        using var batches = _batches.Read(_epoch, skip: _batch).GetEnumerator();
        while (_batch < _batches.BatchesPerEpoch && _step < _steps)
        {
            if (_options.CancellationToken.IsCancellationRequested)
            {
                Cancel();
            }
            TrainStep(batches);
            bool epochGoesOn = _batch < _batches.BatchesPerEpoch && _step < _steps;
            if (epochGoesOn && _options.CheckpointInterval > 0 && _step % _options.CheckpointInterval == 0)
            {
                Save();
            }
            if (epochGoesOn && _progress.IsDue)
            {
                Report(isEpochEnd: false);
            }
        }
    }

    public void Validate()
    {
        bool isLast = _epoch + 1 >= _options.Epochs || _step >= _steps;
        if (_loop.Validator is not { } validator || (!isLast && (_epoch + 1) % _options.ValidationInterval != 0))
        {
            return;
        }
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        _network.eval();
        try
        {
            _validation = validator.Validate(_options.CancellationToken);
        }
        catch (OperationCanceledException) when (_options.CancellationToken.IsCancellationRequested)
        {
            Cancel();
        }
        if (_validation.Count == 0)
        {
            throw new InvalidOperationException("The validator returned no metric; the first is the criterion for the best weights.");
        }
        if (_stopping.Add(new BestValidation(_epoch + 1, _step, _validation)) && _options.RestoreBestWeights)
        {
            _bestWeights.Take();
        }
    }

    public void EndEpoch()
    {
        Report(isEpochEnd: true);
        (_epoch, _batch, _validation) = (_epoch + 1, 0, []);
        Save();
    }

    public TrainingResult Finish()
    {
        if (_options.RestoreBestWeights && _stopping.Best is not null)
        {
            _bestWeights.Restore();
        }
        else if (!_parameters.AreFinite())
        {
            throw new NonFiniteLossException(_step, _epoch, _schedule.Rate(Math.Max(0, _step - 1)));
        }
        _network.eval();
        return new TrainingResult(_epoch, _step, _stopping.ShouldStop, _stopping.Best);
    }

    public void Dispose()
    {
        _losses.Dispose();
        _bestWeights.Dispose();
        _optimizer.Dispose();
        _parameters.Dispose();
    }

    private void TrainStep(IEnumerator<TensorBatch> batches)
    {
        double rate = _schedule.Rate(_step);
        double weight = 0;
        int count = Math.Min(_options.GradientAccumulationSteps, _batches.BatchesPerEpoch - _batch);
        for (int i = 0; i < count; i++)
        {
            // Outside the scope: what a source allocates while it reads lives longer than the step.
            if (!batches.MoveNext())
            {
                throw new InvalidOperationException(
                    $"The batch source promised {_batches.BatchesPerEpoch} batches in epoch {_epoch + 1} and gave {_batch + i}.");
            }
            using var scope = NewDisposeScope();
            var loss = _loop.Step.Accumulate(batches.Current.To(_parameters.Device));
            _losses.Add(loss, _step + 1, _epoch + 1, rate);
            _progress.AddRows(batches.Current.RowCount);
            weight += loss.Weight;
        }
        UpdateWeights(weight, rate);
        (_batch, _step) = (_batch + count, _step + 1);
    }

    private void UpdateWeights(double weight, double rate)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        if (_isFirstStep)
        {
            _parameters.RequireGradientsInPlace();
            _isFirstStep = false;
        }
        if (weight > 0)
        {
            _parameters.ScaleAndClipGradients(weight, _options.MaxGradientNorm);
            _optimizer.Step(rate);
        }
        _parameters.Gradients.zero_();
        _loop.Step.Finish();
    }

    private void Report(bool isEpochEnd) =>
        _progress.Report(_epoch + 1, isEpochEnd, _step, _schedule.Rate(Math.Max(0, _step - 1)), _validation);
}
