using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;

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
        var facts = new FactTable();
        if (Test is { Calibration: var metrics })
        {
            facts.Add("accuracy", Format.Percent(metrics.Accuracy));
            facts.Add("macro accuracy", Format.Percent(Test.MacroAccuracy));
            facts.Add("log-loss", Format.Decimal(metrics.LogLoss));
            facts.Add("ECE", Format.Percent(metrics.ExpectedCalibrationError));
            facts.Add("test rows", Format.Count(metrics.RowCount));
        }

        facts.Add("training rows", Format.Count(Rows));
        facts.Add("classes", Format.Count(Network.ClassCount));
        facts.Add("encoder", $"{Pretrained ?? "new"}, width {Network.Width}, context {Network.Context}, vocabulary {Format.Count(Network.Vocabulary)}");
        facts.Add("weights", Format.Count(Network.Weights));
        facts.Add("epochs", Format.Count(Epochs));
        facts.Add("time", Format.Duration(Duration));
        facts.Add("model", Model);
        terminal.Show(facts);
        if (Test is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }
}
