using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;

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
        var facts = new FactTable();

        if (Test is { Calibration: var metrics })
        {
            facts.Add("accuracy", Format.Percent(metrics.Accuracy));
            facts.Add("log-loss", Format.Decimal(metrics.LogLoss));
            facts.Add("ECE", Format.Percent(metrics.ExpectedCalibrationError));
            facts.Add("test rows", Format.Count(metrics.RowCount));
        }

        facts.Add("training rows", Format.Count(TrainingRows));
        facts.Add("classes", Format.Count(Classes));
        facts.Add("columns", string.Join(", ", Plan.Features.GroupBy(c => c.Role).Select(g => $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}")));
        facts.Add("epochs", Format.Count(Epochs));
        facts.Add("time", Format.Duration(Duration));
        facts.Add("model", Model);
        terminal.Show(facts);
        if (Test is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }
}
