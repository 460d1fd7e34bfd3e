namespace MLNetExt.Cli.Data;

/// <summary>What a whole file holds: every row is looked at, so that nothing after a sample surprises training.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">One profile a column.</param>
internal sealed record TableProfile(long Rows, IReadOnlyList<ColumnProfile> Columns)
{
    /// <summary>Reads a file once.</summary>
    /// <param name="file">The file.</param>
    /// <param name="includes">Which rows count; the others are only counted in no way.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="UserErrorException">A row has more or fewer fields than the header, or a quote is wrong; names the line.</exception>
    public static TableProfile Read(TableFile file, Func<IReadOnlyList<string>, bool> includes, CancellationToken cancellation)
    {
        ColumnProfile[] columns = [.. file.Columns.Select(_ => new ColumnProfile())];
        using TextReader text = file.Rows.OpenTextReader(0);
        DelimitedReader reader = file.ReadRows(text);
        var fields = new List<string>();
        long rows = 0, all = 0;
        while (reader.Read(fields))
        {
            cancellation.ThrowIfCancellationRequested();
            long line = file.LineOf(++all, reader.Line);
            file.RequireFields(fields, line);
            if (!includes(fields))
                continue;
            rows++;
            for (int i = 0; i < columns.Length; i++)
                columns[i].Add(fields[i], line);
        }

        return new TableProfile(rows, columns);
    }
}
