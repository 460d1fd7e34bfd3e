using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using Spectre.Console;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>train text-classifier</c> reports.</summary>
/// <param name="Model">The model file.</param>
/// <param name="Pretrained">The encoder that it went on from; null for a new one.</param>
/// <param name="Network">What was trained.</param>
/// <param name="Rows">The rows for training, those set aside by <c>--validation-fraction</c> included.</param>
/// <param name="Epochs">The epochs that were trained.</param>
/// <param name="Duration">From reading to the saved and measured model.</param>
/// <param name="Test">The report on the test part; null when there is none.</param>
internal sealed record TextClassifierOutcome(
    string Model, string? Pretrained, TextClassifierSummary Network, int Rows, int Epochs, TimeSpan Duration, ClassificationReport? Test)
    : ITrainingOutcome
{
    public object ToJson() => new
    {
        Test?.Calibration.Accuracy,
        Test?.Calibration.LogLoss,
        Ece = Test?.Calibration.ExpectedCalibrationError,
        Test?.MacroAccuracy,
        Rows,
        TestRows = Test?.Calibration.RowCount ?? 0,
        Epochs,
        Network,
        Pretrained,
        Seconds = Duration.TotalSeconds,
        Model,
    };

    public void Show(Terminal terminal)
    {
        Table table = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
        table.Columns[1].RightAligned();
        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
        if (Test is { Calibration: var metrics })
        {
            Row("accuracy", Format.Percent(metrics.Accuracy));
            Row("macro accuracy", Format.Percent(Test.MacroAccuracy));
            Row("log-loss", Format.Decimal(metrics.LogLoss));
            Row("ECE", Format.Percent(metrics.ExpectedCalibrationError));
            Row("test rows", Format.Count(metrics.RowCount));
        }

        Row("training rows", Format.Count(Rows));
        Row("classes", Format.Count(Network.ClassCount));
        Row("encoder", $"{Pretrained ?? "new"}, width {Network.Width}, context {Network.Context}, vocabulary {Format.Count(Network.Vocabulary)}");
        Row("weights", Format.Count(Network.Weights));
        Row("epochs", Format.Count(Epochs));
        Row("time", Format.Duration(Duration));
        Row("model", Model);
        terminal.Show(table);
        if (Test is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }
}
