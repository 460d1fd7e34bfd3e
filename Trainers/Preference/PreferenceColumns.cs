using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Preference;

/// <summary>The columns of preferences: pairs, or single completions with a label.</summary>
/// <param name="Prompt">The prompts; null when the completions have them, each at its beginning.</param>
/// <param name="Completions">The chosen and the rejected completions, or the single ones.</param>
/// <param name="Label">Whether a single completion is desired; null for pairs.</param>
internal sealed record PreferenceColumns(string? Prompt, IReadOnlyList<string> Completions, string? Label)
{
    /// <summary>Whether the rows are pairs.</summary>
    public bool IsPaired => Label is null;

    /// <summary>All columns of text or tokens.</summary>
    public IEnumerable<string> Sequences => Prompt is null ? Completions : Completions.Prepend(Prompt);

    /// <summary>How a column is read: text, or tokens.</summary>
    public static BatchColumn ToRead(DataViewSchema schema, string column) =>
        schema.GetColumnOrNull(column)?.Type is TextDataViewType ? BatchColumn.Text(column) : BatchColumn.Tokens(column);
}
