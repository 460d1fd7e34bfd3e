using System.Globalization;
using System.Text;
using OxyPlot;

namespace MLNetExt.Evaluation;

/// <summary>Puts the audits of one or several models side by side: as a table, and as a Markdown file with plots.</summary>
/// <remarks>The report names documents by row and quotes nothing of them.</remarks>
/// <example>
/// <code>
/// new MemorizationReport("Licences")
///     .Add("Cross-entropy", first)
///     .Add("Goldfish, k = 4", second)
///     .Save("audit");
/// </code>
/// </example>
/// <param name="title">Title of the report.</param>
public sealed class MemorizationReport(string title = "Memorization audit")
{
    /// <summary>The name of the file that <see cref="Save"/> writes beside the plots.</summary>
    public const string FileName = "report.md";

    private const int Width = 1120;
    private const int Height = 840;
    private const int DocumentsListed = 20;

    private readonly List<(string Name, MemorizationMetrics Metrics)> _models = [];

    /// <summary>Adds a model.</summary>
    /// <param name="name">Name for tables and legends; each model needs its own.</param>
    /// <param name="metrics">The model's audit.</param>
    /// <returns>This report.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public MemorizationReport Add(string name, MemorizationMetrics metrics)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(metrics);
        if (_models.Any(model => model.Name == name))
            throw new ArgumentException($"The report has a model '{name}' already; give each its own name.", nameof(name));
        _models.Add((name, metrics));
        return this;
    }

    /// <summary>The numbers as a table of plain text, one model a column.</summary>
    /// <exception cref="InvalidOperationException">The report has no model.</exception>
    public override string ToString() => MemorizationTable.Of(Models()).ToString();

    /// <summary>Writes <see cref="FileName"/> and its plots: <c>rouge-l</c>, <c>divergence-1</c> and so on for each model, and <c>roc</c> where membership was inferred.</summary>
    /// <param name="folder">The folder, made when it is not there. Files of the same names are replaced.</param>
    /// <param name="format">The format of the plots.</param>
    /// <exception cref="InvalidOperationException">The report has no model, or PNG is asked for and the system has no font.</exception>
    public void Save(string folder, PlotFormat format = PlotFormat.Svg)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        List<(string Name, MemorizationMetrics Metrics)> models = Models();
        Directory.CreateDirectory(folder);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {title}\n\n{MemorizationTable.Of(models).ToMarkdown()}\n");
        AddPlot("rouge-l", "RougeL of continuations", style => MemorizationPlots.RougeL(models, style));
        for (int i = 0; i < models.Count; i++)
        {
            (string name, MemorizationMetrics metrics) = models[i];
            if (metrics.Extraction.FirstDivergences.Diverged > 0)
                AddPlot($"divergence-{i + 1}", $"First divergence, {name}", style => MemorizationPlots.Divergence(name, metrics.Extraction.FirstDivergences, style));
        }
        if (models.Any(model => model.Metrics.Membership is not null))
            AddPlot("roc", "Membership inference", style => MemorizationPlots.Roc(models, style));
        foreach ((string name, MemorizationMetrics metrics) in models)
            text.Append(CultureInfo.InvariantCulture, $"## Most recited: {name}\n\n{MostRecited(metrics).ToMarkdown()}\n");
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString().TrimEnd('\n') + '\n')));

        void AddPlot(string name, string caption, Func<PlotStyle, PlotModel> plot)
        {
            string file = $"{name}.{(format == PlotFormat.Svg ? "svg" : "png")}";
            Func<string, PlotModel> withFont = font => plot(new PlotStyle(font, scale: 1));
            AtomicFile.Write(Path.Combine(folder, file), stream =>
            {
                if (format == PlotFormat.Svg)
                    PlotFiles.WriteSvg(stream, Width, Height, withFont);
                else
                    PlotFiles.WritePng(stream, Width, Height, withFont);
            });
            text.Append(CultureInfo.InvariantCulture, $"![{caption}]({file})\n\n");
        }
    }

    private static TextTable MostRecited(MemorizationMetrics metrics)
    {
        var table = new TextTable("Row", ["RougeL", "Token accuracy", "First divergence", "on a dropped token"]);
        foreach (DocumentMemorization document in metrics.Documents.OrderByDescending(document => document.Greedy.RougeL).ThenBy(document => document.Row).Take(DocumentsListed))
        {
            SuffixContinuation greedy = document.Greedy;
            table.AddRow(
                document.Row.ToString(CultureInfo.InvariantCulture),
                greedy.RougeL.ToString("0.000", CultureInfo.InvariantCulture),
                greedy.TokenAccuracy.ToString("0.000", CultureInfo.InvariantCulture),
                greedy.IsExactMatch ? "none" : greedy.FirstDivergence.ToString(CultureInfo.InvariantCulture),
                greedy.IsExactMatch || document.DroppedTokens is not { } dropped ? "" : dropped[greedy.FirstDivergence] ? "yes" : "no");
        }
        return table;
    }

    private List<(string Name, MemorizationMetrics Metrics)> Models() =>
        _models.Count > 0 ? _models : throw new InvalidOperationException("The report has no model; call Add first.");
}
