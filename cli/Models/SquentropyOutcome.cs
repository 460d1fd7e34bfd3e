using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using Spectre.Console;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>train squentropy</c> reports.</summary>
/// <param name="Model">The model file.</param>
/// <param name="Plan">The columns it reads.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="TrainingRows">The rows that were trained on, validation rows included.</param>
/// <param name="Epochs">The epochs that were trained.</param>
/// <param name="Temperature">What logits are divided by.</param>
/// <param name="Duration">From reading to the saved model.</param>
/// <param name="Test">The report on the test part; null when there is none.</param>
internal sealed record SquentropyOutcome(
    string Model, ColumnPlan Plan, int Classes, long TrainingRows, int Epochs, double Temperature, TimeSpan Duration, ClassificationReport? Test)
    : ITrainingOutcome
{
    public object ToJson() => new
    {
        Test?.Calibration.Accuracy,
        Test?.Calibration.LogLoss,
        Ece = Test?.Calibration.ExpectedCalibrationError,
        Test?.MacroAccuracy,
        Rows = TrainingRows,
        TestRows = Test?.Calibration.RowCount ?? 0,
        Classes,
        Epochs,
        Temperature,
        Seconds = Duration.TotalSeconds,
        Model,
    };

    public void Show(Terminal terminal)
    {
        var table = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
        table.Columns[1].RightAligned();
        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));

        if (Test is { Calibration: var metrics })
        {
            Row("accuracy", Format.Percent(metrics.Accuracy));
            Row("log-loss", Format.Decimal(metrics.LogLoss));
            Row("ECE", Format.Percent(metrics.ExpectedCalibrationError));
            Row("test rows", Format.Count(metrics.RowCount));
        }

        Row("training rows", Format.Count(TrainingRows));
        Row("classes", Format.Count(Classes));
        Row("columns", string.Join(", ", Plan.Features.GroupBy(c => c.Role).Select(g => $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}")));
        Row("epochs", Format.Count(Epochs));
        Row("time", Format.Duration(Duration));
        Row("model", Model);
        terminal.Show(table);
        if (Test is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }
}
