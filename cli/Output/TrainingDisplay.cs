using MLNetExt.Training;
using Spectre.Console;

namespace MLNetExt.Cli.Output;

/// <summary>Shows training as it goes on: a bar for a person, a line an epoch for a log.</summary>
internal static class TrainingDisplay
{
    /// <summary>Runs <paramref name="train"/> with a progress that is shown on the terminal's error side.</summary>
    public static T Run<T>(Terminal terminal, Func<IProgress<TrainingProgress>, T> train) => terminal.ErrorIsLive
        ? terminal.LiveError().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => train(new Bar(context.AddTask("reading", maxValue: 1))))
        : train(new Lines(terminal.Error));

    private static string Describe(TrainingProgress value, double loss)
    {
        string validation = string.Concat(value.Validation.Select(m => $"  validation {m.Name} {m.Value:G4}"));
        return $"epoch {value.Epoch}/{value.Epochs}  loss {loss:F4}{validation}";
    }

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = value.Steps;
            task.Value = value.Step;
            task.Description = Markup.Escape($"{Describe(value, value.Loss)}  rate {value.LearningRate:G2}  {Format.Count((long)value.RowsPerSecond)} rows/s");
        }
    }

    private sealed class Lines(TextWriter writer) : IProgress<TrainingProgress>
    {
        private double _lossSum;
        private long _steps;
        private long _lastStep = -1;

        public void Report(TrainingProgress value)
        {
            // Reports come several times an epoch, each with the loss since the one before: a line shows the epoch's mean.
            long steps = value.Step - Math.Max(_lastStep, 0);
            if (_lastStep >= 0 || value.Epoch == 1)
                (_lossSum, _steps) = (_lossSum + (steps > 0 ? value.Loss * steps : 0), _steps + steps);
            _lastStep = value.Step;
            if (!value.IsEpochEnd)
                return;
            double loss = _steps > 0 ? _lossSum / _steps : value.Loss;
            string remaining = value.Remaining is { } left ? $"  {Format.Duration(left)} left" : "";
            writer.WriteLine(
                $"{Describe(value, loss)}  step {value.Step}/{value.Steps}  rate {value.LearningRate:G2}  {Format.Count((long)value.RowsPerSecond)} rows/s{remaining}");
            (_lossSum, _steps) = (0, 0);
        }
    }
}
