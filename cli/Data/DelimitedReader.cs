using System.Text;

namespace MLNetExt.Cli.Data;

/// <summary>Reads a delimited file's records by the rules of ML.NET's TextLoader, but refuses what that would read as something else.</summary>
/// <remarks>Fields may be quoted, with doubled quotes inside and over several lines. Empty lines, and lines that begin with
/// <c>//</c>, are no records; before the header neither are lines that begin with <c>#</c>.</remarks>
internal sealed class DelimitedReader(TextReader text, string path, char separator)
{
    private readonly StringBuilder _quoted = new();
    private long _lines;
    private bool _hasHeader;

    /// <summary>The line, from 1, on which the last record began.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next record, without the blanks around its fields.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="UserErrorException">A quote is not closed, or is closed inside a field.</exception>
    public bool Read(List<string> fields)
    {
        fields.Clear();
        string? line;
        do
        {
            line = NextLine();
            if (line is null)
                return false;
        }
        while (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || (!_hasHeader && line[0] == '#'));
        _hasHeader = true;
        Line = _lines;

        int at = 0;
        do
            fields.Add(ReadField(ref line, ref at));
        while (at++ < line.Length);
        return true;
    }

    private string? NextLine()
    {
        _lines++;
        return text.ReadLine();
    }

    /// <summary>Reads a field and stops at the separator after it, or at the end of the line.</summary>
    private string ReadField(ref string line, ref int at)
    {
        while (at < line.Length && line[at] == ' ')
            at++;
        if (at < line.Length && line[at] == '"')
            return ReadQuoted(ref line, ref at);

        int end = line.IndexOf(separator, at);
        string field = line[at..(end < 0 ? line.Length : end)].Trim();
        at = end < 0 ? line.Length : end;
        return field;
    }

    private string ReadQuoted(ref string line, ref int at)
    {
        _quoted.Clear();
        at++;
        while (true)
        {
            int quote = line.IndexOf('"', at);
            _quoted.Append(line, at, (quote < 0 ? line.Length : quote) - at);
            if (quote < 0)
            {
                line = NextLine() ?? throw new UserErrorException($"'{path}', line {Line}: a quote is opened and never closed.");
                at = 0;
                _quoted.Append('\n');
            }
            else if (quote + 1 < line.Length && line[quote + 1] == '"')
            {
                _quoted.Append('"');
                at = quote + 2;
            }
            else
            {
                at = quote + 1;
                break;
            }
        }

        while (at < line.Length && line[at] == ' ')
            at++;
        return at == line.Length || line[at] == separator
            ? _quoted.ToString()
            : throw new UserErrorException($"'{path}', line {Line}: text follows a closing quote; write a quote inside a quoted field twice.");
    }
}
