using OxyPlot;
using SkiaSharp;

namespace MLNetExt.Evaluation;

/// <summary>Writes plots as SVG and PNG.</summary>
internal static class PlotFiles
{
    public const int MinimumSize = 100;

    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="plot">Makes the plot with a font.</param>
    public static void WriteSvg(Stream stream, int width, int height, Func<string, PlotModel> plot)
    {
        CheckSize(width, height);
        // OxyPlot's own exporter, not the one of its Skia package: it needs no native library and no font.
        var exporter = new SvgExporter { Width = width, Height = height, TextMeasurer = new SvgTextMeasurer() };
        exporter.Export(plot("Arial, Helvetica, sans-serif"), stream);
    }

    /// <inheritdoc cref="WriteSvg"/>
    /// <exception cref="InvalidOperationException">The system has no font.</exception>
    public static void WritePng(Stream stream, int width, int height, Func<string, PlotModel> plot)
    {
        CheckSize(width, height);
        // Text shaping needs HarfBuzz's native library, which the Linux packages leave out; Latin text needs no shaping.
        var exporter = new OxyPlot.SkiaSharp.PngExporter { Width = width, Height = height, UseTextShaping = false };
        exporter.Export(plot(PlotFont.Choose(SKFontManager.Default.FontFamilies)), stream);
    }

    private static void CheckSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, MinimumSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, MinimumSize);
    }
}
