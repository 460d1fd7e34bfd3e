namespace MLNetExt.Cli.Data;

/// <summary>A row of a file, as text.</summary>
/// <param name="Line">The line, from 1, on which it begins.</param>
/// <param name="Cells">The columns that were asked for, by name.</param>
internal sealed record TextRow(long Line, IReadOnlyDictionary<string, string> Cells)
{
    public string this[string column] => Cells[column];
}
