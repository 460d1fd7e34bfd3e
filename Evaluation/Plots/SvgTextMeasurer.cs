using OxyPlot;

namespace MLNetExt.Evaluation;

/// <summary>
/// Widths and heights of SVG text, whose font is the reader's: from OxyPlot's built-in Arial tables, with room for the wider DejaVu Sans.
/// </summary>
internal sealed class SvgTextMeasurer() : PdfRenderContext(1, 1, OxyColors.White)
{
    /// <summary>The tables give points (72 an inch); SVG counts pixels (96 an inch).</summary>
    private const double PixelsPerPoint = 96.0 / 72;

    private const double WiderFont = 1.17;

    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        OxySize points = base.MeasureText(text, "Arial", fontSize, fontWeight);
        return new OxySize(points.Width * PixelsPerPoint * WiderFont, points.Height * PixelsPerPoint);
    }
}
