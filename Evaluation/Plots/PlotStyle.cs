using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MLNetExt.Evaluation;

/// <summary>What all plots have in common: colours, and the looks of title, axes, legend and bars.</summary>
/// <param name="font">Font family.</param>
/// <param name="scale">Size of text and lines; 1 for a picture some 1,120 pixels wide.</param>
internal sealed class PlotStyle(string font, double scale)
{
    /// <summary>Okabe and Ito's palette, told apart with every common form of colour blindness; black is kept for text.</summary>
    private static readonly OxyColor[] Palette =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xB2), OxyColor.FromRgb(0xD5, 0x5E, 0x00), OxyColor.FromRgb(0x00, 0x9E, 0x73),
        OxyColor.FromRgb(0xCC, 0x79, 0xA7), OxyColor.FromRgb(0xE6, 0x9F, 0x00), OxyColor.FromRgb(0x56, 0xB4, 0xE9),
    ];

    private static readonly OxyColor Ink = OxyColor.FromRgb(0x22, 0x22, 0x22);
    private static readonly OxyColor Grid = OxyColor.FromRgb(0xE6, 0xE6, 0xE6);

    /// <summary>The colour of what is no data: axes, lines to compare with.</summary>
    public static OxyColor MutedInk { get; } = OxyColor.FromRgb(0x66, 0x66, 0x66);

    public double Scale => scale;

    public static OxyColor ColorOf(int series) => Palette[series % Palette.Length];

    public PlotModel Model(string title, string? subtitle) => new()
    {
        Title = title,
        TitleFontSize = 34 * scale,
        TitleFontWeight = FontWeights.Bold,
        TitleColor = Ink,
        Subtitle = subtitle,
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

    /// <summary>An axis from 0.</summary>
    public LinearAxis Axis(AxisPosition position, string title, string? key = null) => new()
    {
        Position = position,
        Key = key,
        Title = title,
        TitleFontSize = 26 * scale,
        AxisTitleDistance = 14 * scale,
        AxisTickToLabelDistance = 8 * scale,
        Minimum = 0,
        AbsoluteMinimum = 0,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Grid,
        MajorGridlineThickness = 1.5 * scale,
        MajorTickSize = 0,
        MinorTickSize = 0,
        TicklineColor = MutedInk,
        AxislineStyle = LineStyle.Solid,
        AxislineColor = MutedInk,
        AxislineThickness = 2 * scale,
    };

    /// <summary>An axis of fractions in [0, 1].</summary>
    public LinearAxis UnitAxis(AxisPosition position, string title, string? key = null)
    {
        LinearAxis axis = Axis(position, title, key);
        // A little above 1, so that a marker on the edge is drawn whole.
        axis.Maximum = 1.015;
        axis.MajorStep = 0.2;
        axis.MinorStep = 0.1;
        axis.StringFormat = "0.0";
        return axis;
    }

    /// <summary>An axis of whole numbers up to the largest.</summary>
    public LinearAxis CountAxis(AxisPosition position, string title, long largest, string? key = null)
    {
        LinearAxis axis = Axis(position, title, key);
        axis.Maximum = largest * 1.05;
        axis.StringFormat = "N0";
        axis.IntervalLength = 70 * scale;
        axis.MinimumMajorStep = 1;
        return axis;
    }

    public Legend Legend() => new()
    {
        // Outside: there is no corner that no curve visits.
        LegendPosition = LegendPosition.TopCenter,
        LegendPlacement = LegendPlacement.Outside,
        LegendOrientation = LegendOrientation.Horizontal,
        LegendItemSpacing = 28 * scale,
        LegendFontSize = 24 * scale,
        LegendMargin = 16 * scale,
        LegendPadding = 10 * scale,
        LegendSymbolLength = 44 * scale,
        LegendSymbolMargin = 10 * scale,
        LegendLineSpacing = 8 * scale,
    };

    /// <summary>The diagonal from (0, 0) to (1, 1).</summary>
    public LineSeries Diagonal(string title, string? yAxisKey = null)
    {
        var diagonal = new LineSeries { Title = title, YAxisKey = yAxisKey, Color = MutedInk, StrokeThickness = 2.5 * scale };
        diagonal.Points.Add(new DataPoint(0, 0));
        diagonal.Points.Add(new DataPoint(1, 1));
        return diagonal;
    }

    public RectangleBarSeries Bars(string? title, OxyColor color, double tint, string? yAxisKey = null) => new()
    {
        Title = title,
        YAxisKey = yAxisKey,
        FillColor = OxyColor.Interpolate(OxyColors.White, color, tint),
        StrokeColor = color,
        StrokeThickness = 1.5 * scale,
    };
}
