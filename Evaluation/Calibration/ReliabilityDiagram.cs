using OxyPlot;
using SkiaSharp;

namespace MLNetExt.Evaluation;

/// <summary>
/// Draws one model's reliability diagram, or several models' in one picture: accuracy against confidence above, how many rows have
/// that confidence below. A perfectly calibrated model lies on the diagonal, an over-confident one under it.
/// </summary>
/// <example>
/// <code>
/// new ReliabilityDiagram("UCI letter")
///     .Add("Cross-entropy", first)
///     .Add("Squentropy", second)
///     .SavePng("calibration.png");
/// </code>
/// </example>
/// <param name="title">Title above the picture.</param>
public sealed class ReliabilityDiagram(string title = "Reliability diagram")
{
    private const int DefaultWidth = 1120;
    private const int DefaultHeight = 1440;

    private readonly List<(string Name, CalibrationMetrics Metrics)> _models = [];

    /// <summary>Adds a model.</summary>
    /// <param name="name">Name for the legend; each model needs its own.</param>
    /// <param name="metrics">The model's calibration.</param>
    /// <returns>This diagram.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public ReliabilityDiagram Add(string name, CalibrationMetrics metrics)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(metrics);
        if (_models.Any(model => model.Name == name))
            throw new ArgumentException($"The diagram has a model '{name}' already; give each its own name.", nameof(name));
        _models.Add((name, metrics));
        return this;
    }

    /// <summary>Saves an SVG file; an existing one is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="width">Width in pixels, at least 100.</param>
    /// <param name="height">Height in pixels, at least 100.</param>
    /// <exception cref="InvalidOperationException">The diagram has no model.</exception>
    public void SaveSvg(string path, int width = DefaultWidth, int height = DefaultHeight) =>
        AtomicFile.Write(path, stream => WriteSvg(stream, width, height));

    /// <summary>Saves a PNG file; an existing one is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="width">Width in pixels, at least 100.</param>
    /// <param name="height">Height in pixels, at least 100.</param>
    /// <exception cref="InvalidOperationException">The diagram has no model, or the system has no font (SVG needs none).</exception>
    public void SavePng(string path, int width = DefaultWidth, int height = DefaultHeight) =>
        AtomicFile.Write(path, stream => WritePng(stream, width, height));

    /// <summary>Writes SVG. The text stays text, set in the reader's sans-serif font.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="width">Width in pixels, at least 100.</param>
    /// <param name="height">Height in pixels, at least 100.</param>
    /// <exception cref="InvalidOperationException">The diagram has no model.</exception>
    public void WriteSvg(Stream stream, int width = DefaultWidth, int height = DefaultHeight)
    {
        ReliabilityPlot plot = Plot(width, height, "Arial, Helvetica, sans-serif");
        // OxyPlot's own exporter, not the one of its Skia package: it needs no native library and no font.
        var exporter = new SvgExporter
        {
            Width = width,
            Height = height,
            TextMeasurer = new SvgTextMeasurer(),
        };
        exporter.Export(plot.Model, stream);
    }

    /// <summary>Writes PNG.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="width">Width in pixels, at least 100.</param>
    /// <param name="height">Height in pixels, at least 100.</param>
    /// <exception cref="InvalidOperationException">The diagram has no model, or the system has no font (SVG needs none).</exception>
    public void WritePng(Stream stream, int width = DefaultWidth, int height = DefaultHeight)
    {
        ReliabilityPlot plot = Plot(width, height, PlotFont.Choose(SKFontManager.Default.FontFamilies));
        // Text shaping needs HarfBuzz's native library, which the Linux packages leave out; Latin text needs no shaping.
        var exporter = new OxyPlot.SkiaSharp.PngExporter { Width = width, Height = height, UseTextShaping = false };
        exporter.Export(plot.Model, stream);
    }

    private ReliabilityPlot Plot(int width, int height, string font)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 100);
        if (_models.Count == 0)
            throw new InvalidOperationException("The diagram has no model; call Add first.");
        return new ReliabilityPlot(title, _models, font, Math.Min((double)width / DefaultWidth, (double)height / DefaultHeight));
    }
}
