using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MLNetExt.Evaluation;

/// <summary>Lays a reliability diagram out as an OxyPlot model: two panels over one confidence axis.</summary>
internal sealed class ReliabilityPlot
{
    private const string AccuracyAxis = "accuracy";
    private const string RowsAxis = "rows";

    /// <summary>A little above 1, so that a marker on the edge is drawn whole.</summary>
    private const double Top = 1.015;

    /// <summary>Okabe and Ito's palette, told apart with every common form of colour blindness; black is kept for text.</summary>
    private static readonly OxyColor[] Palette =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xB2), OxyColor.FromRgb(0xD5, 0x5E, 0x00), OxyColor.FromRgb(0x00, 0x9E, 0x73),
        OxyColor.FromRgb(0xCC, 0x79, 0xA7), OxyColor.FromRgb(0xE6, 0x9F, 0x00), OxyColor.FromRgb(0x56, 0xB4, 0xE9),
    ];

    private static readonly MarkerType[] Markers =
        [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond];

    private static readonly OxyColor Ink = OxyColor.FromRgb(0x22, 0x22, 0x22);
    private static readonly OxyColor MutedInk = OxyColor.FromRgb(0x66, 0x66, 0x66);
    private static readonly OxyColor Grid = OxyColor.FromRgb(0xE6, 0xE6, 0xE6);

    private readonly double _scale;

    /// <param name="title">Title of the picture.</param>
    /// <param name="models">At least one model.</param>
    /// <param name="font">Font family.</param>
    /// <param name="scale">Size of text and lines, 1 for a picture of 1120 x 1440 pixels.</param>
    public ReliabilityPlot(string title, IReadOnlyList<(string Name, CalibrationMetrics Metrics)> models, string font, double scale)
    {
        _scale = scale;
        Model = new PlotModel
        {
            Title = title,
            TitleFontSize = 34 * scale,
            TitleFontWeight = FontWeights.Bold,
            TitleColor = Ink,
            Subtitle = Summary([.. models.Select(model => model.Metrics)]),
            SubtitleFontSize = 24 * scale,
            SubtitleColor = MutedInk,
            DefaultFont = font,
            DefaultFontSize = 24 * scale,
            TextColor = Ink,
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(24 * scale, 28 * scale, 48 * scale, 24 * scale),
            TitlePadding = 18 * scale,
            Culture = CultureInfo.InvariantCulture,
        };
        AddAxes(models.Max(model => model.Metrics.Bins.Max(bin => bin.Count)));
        AddLegend();

        if (models.Count == 1)
            AddBars(models[0].Metrics);
        AddDiagonal();
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

    private static OxyColor ColorOf(int model) => Palette[model % Palette.Length];

    private void AddAxes(long largestCount)
    {
        LinearAxis confidence = Axis(AxisPosition.Bottom, "Confidence", key: null);
        confidence.Maximum = Top;
        confidence.MajorStep = 0.2;
        confidence.MinorStep = 0.1;
        confidence.StringFormat = "0.0";

        LinearAxis accuracy = Axis(AxisPosition.Left, "Accuracy", AccuracyAxis);
        accuracy.Maximum = Top;
        accuracy.MajorStep = 0.2;
        accuracy.MinorStep = 0.1;
        accuracy.StringFormat = "0.0";
        accuracy.StartPosition = 0.29;

        LinearAxis rows = Axis(AxisPosition.Left, "Rows", RowsAxis);
        rows.Maximum = largestCount * 1.05;
        rows.EndPosition = 0.23;
        rows.StringFormat = "N0";
        rows.IntervalLength = 70 * _scale;
        rows.MinimumMajorStep = 1;
    }

    private LinearAxis Axis(AxisPosition position, string title, string? key)
    {
        var axis = new LinearAxis
        {
            Position = position,
            Key = key,
            Title = title,
            TitleFontSize = 26 * _scale,
            AxisTitleDistance = 14 * _scale,
            AxisTickToLabelDistance = 8 * _scale,
            Minimum = 0,
            AbsoluteMinimum = 0,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = Grid,
            MajorGridlineThickness = 1.5 * _scale,
            MajorTickSize = 0,
            MinorTickSize = 0,
            TicklineColor = MutedInk,
            AxislineStyle = LineStyle.Solid,
            AxislineColor = MutedInk,
            AxislineThickness = 2 * _scale,
        };
        Model.Axes.Add(axis);
        return axis;
    }

    private void AddLegend() => Model.Legends.Add(new Legend
    {
        // Outside: there is no corner that no curve visits.
        LegendPosition = LegendPosition.TopCenter,
        LegendPlacement = LegendPlacement.Outside,
        LegendOrientation = LegendOrientation.Horizontal,
        LegendItemSpacing = 28 * _scale,
        LegendFontSize = 24 * _scale,
        LegendMargin = 16 * _scale,
        LegendPadding = 10 * _scale,
        LegendSymbolLength = 44 * _scale,
        LegendSymbolMargin = 10 * _scale,
        LegendLineSpacing = 8 * _scale,
    });

    private void AddDiagonal()
    {
        var diagonal = new LineSeries
        {
            Title = "Ideal",
            YAxisKey = AccuracyAxis,
            Color = MutedInk,
            StrokeThickness = 2.5 * _scale,
        };
        diagonal.Points.Add(new DataPoint(0, 0));
        diagonal.Points.Add(new DataPoint(1, 1));
        Model.Series.Add(diagonal);
    }

    /// <summary>One model: a bar up to the accuracy, and from there to the mean confidence what is missing or left over.</summary>
    private void AddBars(CalibrationMetrics metrics)
    {
        RectangleBarSeries accuracy = Bars("Accuracy", AccuracyAxis, ColorOf(0), tint: 0.75);
        RectangleBarSeries over = Bars("Over-confidence", AccuracyAxis, ColorOf(1), tint: 0.35);
        RectangleBarSeries under = Bars("Under-confidence", AccuracyAxis, ColorOf(2), tint: 0.35);
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
            Color = ColorOf(model),
            StrokeThickness = 4 * _scale,
            MarkerType = Markers[model % Markers.Length],
            MarkerSize = 9 * _scale,
            MarkerFill = ColorOf(model),
            MarkerStroke = OxyColors.White,
            MarkerStrokeThickness = 2 * _scale,
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
        RectangleBarSeries rows = Bars(title: null, RowsAxis, ColorOf(model), tint: 0.75);
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
        var bars = new RectangleBarSeries
        {
            Title = title,
            YAxisKey = axis,
            FillColor = OxyColor.Interpolate(OxyColors.White, color, tint),
            StrokeColor = color,
            StrokeThickness = 1.5 * _scale,
        };
        Model.Series.Add(bars);
        return bars;
    }

    private static (double Left, double Width) Inset(CalibrationBin bin)
    {
        double width = bin.Upper - bin.Lower;
        return (bin.Lower + 0.06 * width, 0.88 * width);
    }
}
