using System.Buffers;
using System.Globalization;
using System.Text;

namespace MLNetExt.Cli.Output;

/// <summary>Writes CSV line by line.</summary>
internal sealed class CsvLines(TextWriter writer)
{
    private static readonly SearchValues<char> s_quotedCharacters = SearchValues.Create(",\"\r\n");
    private readonly StringBuilder _line = new();

    /// <summary>Adds a field to the line, in quotes where it needs them.</summary>
    public void Append(ReadOnlySpan<char> field)
    {
        if (field.ContainsAny(s_quotedCharacters) || field.StartsWith(' ') || field.EndsWith(' '))
            _line.Append('"').Append(field).Replace("\"", "\"\"", _line.Length - field.Length, field.Length).Append('"');
        else
            _line.Append(field);
        _line.Append(',');
    }

    /// <summary>Adds a number, so that reading it gives the same again.</summary>
    public void Append(float number) => Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a whole number.</summary>
    public void Append(long number) => Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the line.</summary>
    public void EndLine()
    {
        _line.Length--;
        writer.WriteLine(_line);
        _line.Clear();
    }
}
