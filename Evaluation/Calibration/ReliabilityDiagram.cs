using OxyPlot;

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
    public void WriteSvg(Stream stream, int width = DefaultWidth, int height = DefaultHeight) =>
        PlotFiles.WriteSvg(stream, width, height, font => Plot(width, height, font));

    /// <summary>Writes PNG.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="width">Width in pixels, at least 100.</param>
    /// <param name="height">Height in pixels, at least 100.</param>
    /// <exception cref="InvalidOperationException">The diagram has no model, or the system has no font (SVG needs none).</exception>
    public void WritePng(Stream stream, int width = DefaultWidth, int height = DefaultHeight) =>
        PlotFiles.WritePng(stream, width, height, font => Plot(width, height, font));

    private PlotModel Plot(int width, int height, string font)
    {
        if (_models.Count == 0)
            throw new InvalidOperationException("The diagram has no model; call Add first.");
        var style = new PlotStyle(font, Math.Min((double)width / DefaultWidth, (double)height / DefaultHeight));
        return new ReliabilityPlot(title, _models, style).Model;
    }
}
