using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>JSON Lines as comma-separated rows with a header line, in memory: what ML.NET's TextLoader can read.</summary>
/// <remarks>A key that an object lacks, and null, are an empty field. The loader takes a carriage return inside a text for a line feed.</remarks>
internal sealed class JsonLinesRows : IMultiStreamSource
{
    private readonly byte[] _rows;
    private readonly List<long> _lines = [];
    private readonly Dictionary<string, JsonLine> _unreadable = [];

    /// <param name="path">The file.</param>
    /// <exception cref="UserErrorException">There is no such file, a line is no object, or a text is none.</exception>
    public JsonLinesRows(string path)
    {
        JsonLine[] objects = [.. JsonLines.Objects(path)];
        Columns = JsonLines.Columns(objects);
        if (Columns.Count == 0)
            throw new UserErrorException($"'{path}' has no column: its objects have no keys.");
        using var rows = new MemoryStream();
        using var writer = new StreamWriter(rows);
        Write(writer, Columns);
        foreach (JsonLine line in objects)
        {
            foreach (string column in Columns.Where(column => !line.HasText(column)))
                _unreadable.TryAdd(column, line);
            Write(writer, Columns.Select(column => _unreadable.ContainsKey(column) ? null : line.Text(column)));
            _lines.Add(line.Number);
        }

        writer.Flush();
        _rows = rows.ToArray();
    }

    /// <summary>The keys of all objects.</summary>
    public IReadOnlyList<string> Columns { get; }

    public int Count => 1;

    /// <summary>The line of the file that a row comes from, both from 1.</summary>
    public long LineOf(long row) => _lines[(int)row - 1];

    /// <exception cref="UserErrorException">The column holds a list or an object; names the line.</exception>
    public void RequireReadable(string column)
    {
        if (_unreadable.TryGetValue(column, out JsonLine? line))
            line.Text(column);
    }

    public string? GetPathOrNull(int index) => null;

    public Stream Open(int index) => new MemoryStream(_rows, writable: false);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    /// <summary>In quotes, a field is never a comment, and a row of one empty field no empty line.</summary>
    private static void Write(StreamWriter writer, IEnumerable<string?> fields) =>
        writer.Write($"\"{string.Join("\",\"", fields.Select(field => field?.Replace("\"", "\"\"", StringComparison.Ordinal)))}\"\n");
}
