using System.Numerics.Tensors;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;
using Spectre.Console;

namespace MLNetExt.Cli.Models;

/// <summary>All that <c>evaluate</c> measures, from one pass over the rows.</summary>
/// <param name="Calibration">Accuracy, log-loss and how far the probabilities can be believed.</param>
/// <param name="Classes">One entry a class that the model knows.</param>
/// <param name="RowsWithoutPrediction">Labelled rows that the model gives no probabilities, such as those of missing images: they enter no measure.</param>
internal sealed record ClassificationReport(CalibrationMetrics Calibration, IReadOnlyList<ClassScore> Classes, long RowsWithoutPrediction)
{
    /// <summary>The mean of the classes' recalls; classes without rows are left out.</summary>
    public double MacroAccuracy => Classes.Average(c => c.Recall) ?? 0;

    /// <summary>Measures a model.</summary>
    /// <param name="rows">The scored rows.</param>
    /// <param name="labelColumn">The text column with the true classes.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="UserErrorException">No row has a label.</exception>
    public static ClassificationReport Measure(ScoredRows rows, string labelColumn, CancellationToken cancellation)
    {
        int count = rows.Classes.Count;
        var indices = rows.Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i).GetAlternateLookup<ReadOnlySpan<char>>();
        var (actual, predicted, correct) = (new long[count], new long[count], new long[count]);
        var calibration = new CalibrationAccumulator(count);
        long labelled = 0, unpredicted = 0;
        rows.ForEach(
            [labelColumn],
            (texts, probabilities) =>
            {
                ReadOnlySpan<char> label = texts[0].Span;
                if (label.IsEmpty)
                {
                    calibration.AddMissingLabel();
                    return;
                }

                int top = TensorPrimitives.IndexOfMax(probabilities);
                if (float.IsNaN(probabilities[top]))
                {
                    unpredicted++;
                    return;
                }

                labelled++;
                predicted[top]++;
                if (!indices.TryGetValue(label, out int index))
                {
                    calibration.AddUnknownClass(probabilities);
                    return;
                }

                calibration.Add(probabilities, index);
                actual[index]++;
                if (top == index)
                    correct[index]++;
            },
            cancellation);
        return labelled > 0
            ? new ClassificationReport(
                calibration.ToMetrics(), [.. rows.Classes.Select((name, i) => new ClassScore(name, actual[i], predicted[i], correct[i]))], unpredicted)
            : throw new UserErrorException(unpredicted > 0 ? "No row with a label has a prediction to evaluate." : "There is no row with a label to evaluate on.");
    }

    /// <summary>The report as <c>--json</c> writes it.</summary>
    public object ToJson() => new
    {
        Calibration.Accuracy,
        MacroAccuracy,
        Calibration.LogLoss,
        Ece = Calibration.ExpectedCalibrationError,
        Mce = Calibration.MaximumCalibrationError,
        Brier = Calibration.BrierScore,
        Rows = Calibration.RowCount,
        RowsWithoutLabel = Calibration.SkippedRows,
        RowsWithoutPrediction,
        RowsOfUnknownClass = Calibration.UnknownClassRows,
        Classes,
    };

    /// <summary>Shows the report to a person.</summary>
    public void Show(Terminal terminal)
    {
        CalibrationMetrics metrics = Calibration;
        var numbers = new FactTable();
        numbers.Add("accuracy", Format.Percent(metrics.Accuracy));
        numbers.Add("macro accuracy", Format.Percent(MacroAccuracy));
        numbers.Add("log-loss", Format.Decimal(metrics.LogLoss));
        numbers.Add("ECE", Format.Percent(metrics.ExpectedCalibrationError));
        numbers.Add("MCE", Format.Percent(metrics.MaximumCalibrationError));
        numbers.Add("Brier", Format.Decimal(metrics.BrierScore));
        numbers.Add("rows", Format.Count(metrics.RowCount));
        if (metrics.SkippedRows > 0)
            numbers.Add("rows without a label", Format.Count(metrics.SkippedRows));
        if (RowsWithoutPrediction > 0)
            numbers.Add("rows without a prediction", Format.Count(RowsWithoutPrediction));
        if (metrics.UnknownClassRows > 0)
            numbers.Add("rows of unknown class", Format.Count(metrics.UnknownClassRows));
        terminal.Show(numbers);

        Table classes = new Table().RoundedBorder().AddColumns("class", "rows", "precision", "recall");
        foreach (TableColumn column in classes.Columns.Skip(1))
            column.RightAligned();
        foreach (ClassScore score in Classes)
            classes.AddRow(Markup.Escape(score.Class), Format.Count(score.Rows), Share(score.Precision), Share(score.Recall));
        terminal.Show(classes);
    }

    private static string Share(double? share) => share is { } value ? Format.Percent(value) : "-";
}
