using static TorchSharp.torch;

namespace MLNetExt.Training;

internal sealed partial class TrainingRun
{
    private (int Epoch, int Batch, string Path)? _saved;

    public void ResumeOrBegin()
    {
        if (_checkpoints is null)
        {
            return;
        }
        if (!_options.Resume)
        {
            if (!_checkpoints.IsEmpty)
            {
                throw new InvalidOperationException(
                    $"'{_options.CheckpointFolder}' holds the checkpoints of an earlier run: set {nameof(TrainingOptions.Resume)} to go on with it, or use another {nameof(TrainingOptions.CheckpointFolder)}.");
            }
        }
        else if (_checkpoints.OpenNewest() is { } checkpoint)
        {
            Restore(checkpoint);
        }
    }

    private void Cancel() => throw new TrainingCanceledException(_step, Save(), _options.CancellationToken);

    private string? Save()
    {
        if (_checkpoints is null)
        {
            return null;
        }
        if (_saved is var (epoch, batch, path) && (epoch, batch) == (_epoch, _batch))
        {
            return path;
        }
        _losses.Read();
        if (!_parameters.AreFinite())
        {
            throw new NonFiniteLossException(_step, _epoch + 1, _schedule.Rate(Math.Max(0, _step - 1)));
        }
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var stepState = new StepState();
        _loop.Step.SaveState(stepState);
        var files = new List<(string, IEnumerable<KeyValuePair<string, Tensor>>)>
        {
            (Checkpoint.WeightsFile, TrainedState.Of(_network)),
            (Checkpoint.OptimizerFile, _optimizer.State),
            (Checkpoint.StepFile, stepState.Tensors),
        };
        if (_bestWeights.Tensors.Count > 0)
        {
            files.Add((Checkpoint.BestFile, _bestWeights.Tensors));
        }
        path = _checkpoints.Save(
            new CheckpointState
            {
                Epoch = _epoch,
                Batch = _batch,
                Step = _step,
                Best = _stopping.Best,
                ValidationsSinceBest = _stopping.SinceBest,
                Settings = RunSettings.Of(_options, _batches, _loop.Settings, TrainedState.FrozenOf(_network)),
                StepValues = stepState.Values,
            },
            files);
        _saved = (_epoch, _batch, path);
        return path;
    }

    private void Restore(Checkpoint checkpoint)
    {
        var state = checkpoint.State;
        RunSettings.RequireEqual(state.Settings, RunSettings.Of(_options, _batches, _loop.Settings, TrainedState.FrozenOf(_network)), checkpoint.Folder);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        checkpoint.ReadInto(Checkpoint.WeightsFile, TrainedState.Of(_network));
        checkpoint.ReadInto(Checkpoint.OptimizerFile, _optimizer.State);
        if (state.Files.ContainsKey(Checkpoint.BestFile))
        {
            _bestWeights.Take();
            checkpoint.ReadInto(Checkpoint.BestFile, _bestWeights.Tensors);
        }
        var stepState = new StepState { Values = state.StepValues };
        foreach (var (name, tensor) in checkpoint.Read(Checkpoint.StepFile))
        {
            stepState.Tensors[name] = tensor;
        }
        _loop.Step.LoadState(stepState);
        _stopping.Restore(state.Best, state.ValidationsSinceBest);
        (_epoch, _batch, _step) = (state.Epoch, state.Batch, state.Step);
        _saved = (_epoch, _batch, checkpoint.Folder);
        _progress = new ProgressReporter(_options, _losses, _loop.Clock, _step, _steps);
    }
}
