using System.Text;

namespace MLNetExt.Evaluation;

/// <summary>Puts the evaluations of several models side by side: the model before and after training, for example.</summary>
/// <example>
/// <code>
/// Console.WriteLine(new PreferenceReport().Add("Start", before).Add("Pairwise Cringe", after));
/// </code>
/// </example>
/// <param name="title">Title of the Markdown file.</param>
public sealed class PreferenceReport(string title = "Preference evaluation")
{
    private readonly List<(string Name, PreferenceMetrics Metrics)> _models = [];

    /// <summary>Adds a model.</summary>
    /// <param name="name">Name above its numbers; each model needs its own.</param>
    /// <param name="metrics">Its numbers.</param>
    /// <returns>This report.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public PreferenceReport Add(string name, PreferenceMetrics metrics)
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
    public override string ToString() => Table().ToString();

    /// <summary>Writes the numbers as a Markdown file, which appears whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="InvalidOperationException">The report has no model.</exception>
    public void Save(string path)
    {
        string text = $"# {title}\n\n{Table().ToMarkdown()}";
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private TextTable Table() =>
        PreferenceTable.Of(_models.Count > 0 ? _models : throw new InvalidOperationException("The report has no model; call Add first."));
}
