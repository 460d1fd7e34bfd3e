namespace MLNetExt.Cli.Data;

/// <summary>Rows of named columns that are read as text as it stands: a CSV or TSV file with a header line, or JSON Lines.</summary>
internal static class TextColumns
{
    /// <summary>The names of all columns.</summary>
    /// <exception cref="UserErrorException">There is no such file, or it has no columns.</exception>
    public static IReadOnlyList<string> Names(string path) => JsonLines.Is(path) ? JsonLines.Columns(path) : TableFile.Open(path).Columns;

    /// <summary>Reads all rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns to read, and the option that asks for each.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <param name="gapsAreEmpty">What a line of JSON lacks is empty, as a field of a table may be; otherwise it is refused.</param>
    /// <exception cref="UserErrorException">The file cannot be used, or lacks a column; while reading: a row cannot be read, and its line is named.</exception>
    public static IEnumerable<TextRow> Read(string path, IEnumerable<(string Name, string Option)> columns, CancellationToken cancellation, bool gapsAreEmpty = false)
    {
        (string Name, string Option)[] wanted = [.. columns.DistinctBy(c => c.Name)];
        foreach (TextRow row in JsonLines.Is(path) ? JsonLines.Read(path, wanted, gapsAreEmpty) : ReadDelimited(path, wanted))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private static IEnumerable<TextRow> ReadDelimited(string path, (string Name, string Option)[] columns)
    {
        string content = Utf8Text.Read(path);
        TableFile file = TableFile.Open(path);
        (string Name, int Index)[] wanted = [.. columns.Select(c => (c.Name, file.IndexOf(c.Name, c.Option)))];
        DelimitedReader reader = file.ReadRows(new StringReader(content));
        var fields = new List<string>();
        while (reader.Read(fields))
        {
            file.RequireFields(fields, reader.Line);
            yield return new TextRow(reader.Line, wanted.ToDictionary(c => c.Name, c => fields[c.Index]));
        }
    }
}
