using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>A file of preferences: of pairs of completions, or of completions with labels.</summary>
/// <param name="Path">The file.</param>
/// <param name="Prompt">The column of the prompts; null when the completions begin with them.</param>
/// <param name="Completion">The column of the chosen completions, or of the single ones.</param>
/// <param name="Rejected">The column of the rejected completions; null for single ones.</param>
/// <param name="Label">The column that says which single completions are desired; null for pairs.</param>
internal sealed record PreferenceSource(string Path, string? Prompt, string Completion, string? Rejected, string? Label)
{
    /// <summary>What the column of the prompts is called when nobody says it.</summary>
    public const string PromptColumn = "prompt";

    /// <summary>Whether the rows are pairs.</summary>
    public bool IsPaired => Label is null;

    /// <summary>The columns that a model reads.</summary>
    public IEnumerable<string> Texts => new[] { Prompt, Completion, Rejected }.OfType<string>();

    /// <summary>Reads the rows.</summary>
    /// <param name="splitColumn">The column that says what a row is for; null for none.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>Each row, in order, and what the split column says of it.</returns>
    /// <exception cref="UserErrorException">The file cannot be used, lacks a column, or has no rows; or a label is neither true nor false.</exception>
    public IReadOnlyList<(PreferenceRecord Row, string? Part)> Read(string? splitColumn, CancellationToken cancellation)
    {
        (string? Name, string Option)[] columns =
            [(Prompt, "--prompt"), (Completion, IsPaired ? "--chosen" : "--completion"), (Rejected, "--rejected"), (Label, "--label"), (splitColumn, "--split-column")];
        (PreferenceRecord Row, string? Part)[] rows =
        [
            .. TextColumns.Read(Path, columns.Where(c => c.Name is not null).Select(c => (c.Name!, c.Option)), cancellation)
                .Select(row => (Row(row), splitColumn is null ? null : row[splitColumn])),
        ];
        return rows.Length > 0 ? rows : throw new UserErrorException($"'{Path}' has no rows.");
    }

    /// <summary>Rows as a view, under the file's names.</summary>
    public IDataView View(MLContext ml, IEnumerable<PreferenceRecord> rows)
    {
        var schema = SchemaDefinition.Create(typeof(PreferenceRecord));
        void Name(string member, string? column)
        {
            if (column is null)
                schema.Remove(schema[member]);
            else
                schema[member].ColumnName = column;
        }

        Name(nameof(PreferenceRecord.Prompt), Prompt);
        Name(nameof(PreferenceRecord.Completion), Completion);
        Name(nameof(PreferenceRecord.Rejected), Rejected);
        Name(nameof(PreferenceRecord.IsDesired), Label);
        return ml.Data.LoadFromEnumerable<PreferenceRecord>([.. rows], schema);
    }

    private PreferenceRecord Row(TextRow row) => new()
    {
        Prompt = Prompt is null ? "" : row[Prompt],
        Completion = row[Completion],
        Rejected = Rejected is null ? "" : row[Rejected],
        IsDesired = Label is not null && IsTrue(row, Label),
    };

    private bool IsTrue(TextRow row, string label) => row[label].Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new UserErrorException($"'{Path}', line {row.Line}: --label {label} is '{row[label]}', and must be true or false, 1 or 0."),
    };
}
