using System.Text;

namespace MLNetExt.Evaluation;

/// <summary>A table of numbers with names, as plain text and as Markdown.</summary>
/// <param name="title">What stands above the names.</param>
/// <param name="columns">What stands above the numbers; empty for nothing.</param>
internal sealed class TextTable(string title, IReadOnlyList<string> columns)
{
    private readonly List<string[]> _rows = [[title, .. columns]];

    public void AddRow(string name, params IEnumerable<string> cells) => _rows.Add([name, .. cells]);

    /// <summary>Plain text: names to the left, numbers to the right.</summary>
    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, columns.Count + 1).Select(column => _rows.Max(row => row[column].Length))];
        return string.Join(Environment.NewLine, _rows.Select(row =>
            string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd()));
    }

    /// <summary>A Markdown table.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        AppendRow(_rows[0]);
        text.Append("|---|").Append(string.Concat(Enumerable.Repeat("---:|", columns.Count))).Append('\n');
        foreach (string[] row in _rows.Skip(1))
            AppendRow(row);
        return text.ToString();

        void AppendRow(string[] cells) => text.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");
    }

    private static string Escape(string cell) => cell.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
