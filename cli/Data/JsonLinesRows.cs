using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>JSON Lines as comma-separated rows with a header line, in memory: what ML.NET's TextLoader can read.</summary>
/// <remarks>A key that an object lacks, and null, are an empty field; keys that the first object lacks are passed over.</remarks>
internal sealed class JsonLinesRows : IMultiStreamSource
{
    private readonly byte[] _rows;
    private readonly Dictionary<string, string> _unreadable = [];

    /// <param name="path">The file.</param>
    /// <exception cref="UserErrorException">There is no such file, or a line is no object.</exception>
    public JsonLinesRows(string path)
    {
        IReadOnlyList<string> columns = JsonLines.Columns(path);
        var rows = new StringBuilder();
        // In quotes a field is never a comment, and a row of one empty field no empty line.
        void Line(IEnumerable<string?> fields) => rows.AppendJoin(',', fields.Select(field => field is null && columns.Count > 1 ? "" : $"\"{field?.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
        Line(columns);
        foreach ((long line, JsonElement row) in JsonLines.Objects(path))
            Line(columns.Select(column => Field(path, line, row, column)));
        _rows = Encoding.UTF8.GetBytes(rows.ToString());
    }

    public int Count => 1;

    /// <exception cref="UserErrorException">A row has something else than a text, a number or a Boolean in the column; names the line.</exception>
    public void RequireReadable(string column)
    {
        if (_unreadable.TryGetValue(column, out string? reason))
            throw new UserErrorException(reason);
    }

    public string? GetPathOrNull(int index) => null;

    public Stream Open(int index) => new MemoryStream(_rows, writable: false);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    private string? Field(string path, long line, JsonElement row, string column)
    {
        if (!row.TryGetProperty(column, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        try
        {
            return JsonLines.Text(path, line, value, column);
        }
        catch (UserErrorException e)
        {
            _unreadable.TryAdd(column, e.Message);
            return null;
        }
    }
}
