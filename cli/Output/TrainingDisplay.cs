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

    private static string Describe(TrainingProgress value)
    {
        string metrics = string.Concat((value.EpochMetrics ?? value.Metrics).Select(m => $"  {m.Key} {m.Value:G4}"));
        string validation = string.Concat(value.Validation.Select(m => $"  validation {m.Name} {m.Value:G4}"));
        return $"epoch {value.Epoch}/{value.Epochs}  loss {value.EpochLoss ?? value.Loss:F4}{metrics}{validation}";
    }

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = value.Steps;
            task.Value = value.Step;
            task.Description = Markup.Escape($"{Describe(value)}  rate {value.LearningRate:G2}  {Format.Count((long)value.RowsPerSecond)} rows/s");
        }
    }

    private sealed class Lines(TextWriter writer) : IProgress<TrainingProgress>
    {
        private TimeSpan _last;
        private double _rows;
        private TimeSpan _epochStart;

        public void Report(TrainingProgress value)
        {
            // Reports come several times an epoch, each with what happened since the one before.
            _rows += value.RowsPerSecond * (value.Elapsed - _last).TotalSeconds;
            _last = value.Elapsed;
            if (!value.IsEpochEnd)
                return;

            double rate = _rows / (value.Elapsed - _epochStart).TotalSeconds;
            string remaining = value.Remaining is { } left ? $"  {Format.Duration(left)} left" : "";
            writer.WriteLine($"{Describe(value)}  step {value.Step}/{value.Steps}  rate {value.LearningRate:G2}  {Format.Count((long)rate)} rows/s{remaining}");
            (_rows, _epochStart) = (0, value.Elapsed);
        }
    }
}
