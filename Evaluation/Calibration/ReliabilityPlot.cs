using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MLNetExt.Evaluation;

/// <summary>Lays a reliability diagram out as an OxyPlot model: two panels over one confidence axis.</summary>
internal sealed class ReliabilityPlot
{
    private const string AccuracyAxis = "accuracy";
    private const string RowsAxis = "rows";

    private static readonly MarkerType[] Markers =
        [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond];

    private readonly PlotStyle _style;

    /// <param name="title">Title of the picture.</param>
    /// <param name="models">At least one model.</param>
    /// <param name="style">The looks.</param>
    public ReliabilityPlot(string title, IReadOnlyList<(string Name, CalibrationMetrics Metrics)> models, PlotStyle style)
    {
        _style = style;
        Model = style.Model(title, Summary([.. models.Select(model => model.Metrics)]));
        AddAxes(models.Max(model => model.Metrics.Bins.Max(bin => bin.Count)));
        Model.Legends.Add(style.Legend());

        if (models.Count == 1)
            AddBars(models[0].Metrics);
        Model.Series.Add(style.Diagonal("Ideal", AccuracyAxis));
        for (int i = 0; i < models.Count; i++)
        {
            if (models.Count > 1)
                AddLine(models[i].Name, models[i].Metrics, i);
            AddHistogram(models[i].Metrics, i, models.Count);
        }
    }

    public PlotModel Model { get; }

    private static string Rows(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string PerCent(double fraction) => (100 * fraction).ToString("0.0#", CultureInfo.InvariantCulture) + " %";

    private static string? Summary(CalibrationMetrics[] models)
    {
        string rows = $"{Rows(models[0].RowCount)} rows";
        if (models.Length == 1)
            return $"ECE {PerCent(models[0].ExpectedCalibrationError)} · accuracy {PerCent(models[0].Accuracy)} · {rows}";
        return models.All(model => model.RowCount == models[0].RowCount) ? rows : null;
    }

    private void AddAxes(long largestCount)
    {
        LinearAxis accuracy = _style.UnitAxis(AxisPosition.Left, "Accuracy", AccuracyAxis);
        accuracy.StartPosition = 0.29;
        LinearAxis rows = _style.CountAxis(AxisPosition.Left, "Rows", largestCount, RowsAxis);
        rows.EndPosition = 0.23;
        Model.Axes.Add(_style.UnitAxis(AxisPosition.Bottom, "Confidence"));
        Model.Axes.Add(accuracy);
        Model.Axes.Add(rows);
    }

    /// <summary>One model: a bar up to the accuracy, and from there to the mean confidence what is missing or left over.</summary>
    private void AddBars(CalibrationMetrics metrics)
    {
        RectangleBarSeries accuracy = Bars("Accuracy", AccuracyAxis, PlotStyle.ColorOf(0), tint: 0.75);
        RectangleBarSeries over = Bars("Over-confidence", AccuracyAxis, PlotStyle.ColorOf(1), tint: 0.35);
        RectangleBarSeries under = Bars("Under-confidence", AccuracyAxis, PlotStyle.ColorOf(2), tint: 0.35);
        foreach (CalibrationBin bin in metrics.Bins)
        {
            if (bin is not { Accuracy: { } right, MeanConfidence: { } mean })
                continue;
            (double left, double width) = Inset(bin);
            accuracy.Items.Add(new RectangleBarItem(left, 0, left + width, right));
            RectangleBarSeries gap = mean >= right ? over : under;
            gap.Items.Add(new RectangleBarItem(left, Math.Min(right, mean), left + width, Math.Max(right, mean)));
        }
    }

    /// <summary>Several models: a point a bin at (mean confidence, accuracy), joined.</summary>
    private void AddLine(string name, CalibrationMetrics metrics, int model)
    {
        var line = new LineSeries
        {
            Title = $"{name} · ECE {PerCent(metrics.ExpectedCalibrationError)}",
            YAxisKey = AccuracyAxis,
            Color = PlotStyle.ColorOf(model),
            StrokeThickness = 4 * _style.Scale,
            MarkerType = Markers[model % Markers.Length],
            MarkerSize = 9 * _style.Scale,
            MarkerFill = PlotStyle.ColorOf(model),
            MarkerStroke = OxyColors.White,
            MarkerStrokeThickness = 2 * _style.Scale,
        };
        foreach (CalibrationBin bin in metrics.Bins)
        {
            if (bin is { Accuracy: { } right, MeanConfidence: { } mean })
                line.Points.Add(new DataPoint(mean, right));
        }
        Model.Series.Add(line);
    }

    private void AddHistogram(CalibrationMetrics metrics, int model, int models)
    {
        RectangleBarSeries rows = Bars(title: null, RowsAxis, PlotStyle.ColorOf(model), tint: 0.75);
        foreach (CalibrationBin bin in metrics.Bins)
        {
            (double left, double width) = Inset(bin);
            double share = width / models;
            if (bin.Count > 0)
                rows.Items.Add(new RectangleBarItem(left + model * share, 0, left + (model + 1) * share, bin.Count));
        }
    }

    private RectangleBarSeries Bars(string? title, string axis, OxyColor color, double tint)
    {
        RectangleBarSeries bars = _style.Bars(title, color, tint, axis);
        Model.Series.Add(bars);
        return bars;
    }

    private static (double Left, double Width) Inset(CalibrationBin bin)
    {
        double width = bin.Upper - bin.Lower;
        return (bin.Lower + 0.06 * width, 0.88 * width);
    }
}
