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
        string validation = string.Concat(value.Validation.Where(IsShown).Select(m => $"  validation {m.Name} {m.Value:G4}"));
        return $"epoch {value.Epoch}/{value.Epochs}  loss {loss:F4}{validation}";
    }

    /// <summary>Trainers of preferences have a dozen metrics, with TRL's names in lower case; a line has room for one of them.</summary>
    private static bool IsShown(ValidationMetric metric) => char.IsAsciiLetterUpper(metric.Name[0]) || metric.Name == "rewards/accuracies";

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
        private TrainingProgress? _last;
        private double _loss;
        private double _rows;
        private long _steps;
        private TimeSpan _epochStart;

        public void Report(TrainingProgress value)
        {
            // Reports come several times an epoch, each with what happened since the one before: a line shows the epoch's means.
            // The first report of a resumed run does not say how many steps it covers: it counts as one.
            long steps = _last is { } last ? value.Step - last.Step : value.Epoch == 1 ? value.Step : 1;
            _steps += steps;
            _loss += steps > 0 ? value.Loss * steps : 0;
            _rows += value.RowsPerSecond * (value.Elapsed - (_last?.Elapsed ?? TimeSpan.Zero)).TotalSeconds;
            _last = value;
            if (!value.IsEpochEnd)
                return;

            double rate = _rows / (value.Elapsed - _epochStart).TotalSeconds;
            string remaining = value.Remaining is { } left ? $"  {Format.Duration(left)} left" : "";
            writer.WriteLine(
                $"{Describe(value, _loss / Math.Max(_steps, 1))}  step {value.Step}/{value.Steps}  rate {value.LearningRate:G2}  {Format.Count((long)rate)} rows/s{remaining}");
            (_loss, _rows, _steps, _epochStart) = (0, 0, 0, value.Elapsed);
        }
    }
}
