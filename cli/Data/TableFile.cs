using System.Globalization;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>A CSV or TSV file with a header line, or JSON Lines: the names of its columns, and its rows as separated text.</summary>
internal sealed class TableFile
{
    private const string Separators = ",\t;|";

    private TableFile(string path, IMultiStreamSource rows, char separator, IReadOnlyList<string> columns) =>
        (Path, Rows, Separator, Columns) = (path, rows, separator, columns);

    public string Path { get; }

    /// <summary>The header line and the rows.</summary>
    public IMultiStreamSource Rows { get; }

    public char Separator { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads the header line.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserErrorException">There is no such file, or it has no usable header.</exception>
    public static TableFile Open(string path)
    {
        DataFile.Require(path);
        if (JsonLines.Is(path))
        {
            var lines = new JsonLinesRows(path);
            return new TableFile(path, lines, ',', lines.Columns);
        }

        char separator = InferSeparator(path);
        using var text = new StreamReader(path);
        var names = new List<string>();
        if (!new DelimitedReader(text, path, separator).Read(names))
            throw new UserErrorException($"'{path}' is empty: it needs a header line and rows.");
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0)
                names[i] = string.Create(CultureInfo.InvariantCulture, $"column{i + 1}");
        }

        return names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } repeated
            ? throw new UserErrorException($"'{path}' has {repeated.Count()} columns named '{repeated.Key}': give each its own name.")
            : new TableFile(path, new FileRows(path), separator, names);
    }

    /// <summary>Opens a reader behind the header.</summary>
    public DelimitedReader ReadRows(TextReader text)
    {
        var reader = new DelimitedReader(text, Path, Separator);
        reader.Read([]);
        return reader;
    }

    /// <exception cref="UserErrorException">A row has more or fewer fields than the header.</exception>
    public void RequireFields(IReadOnlyList<string> fields, long line)
    {
        if (fields.Count != Columns.Count)
            throw new UserErrorException($"'{Path}', line {line}: {fields.Count} fields, but the header has {Columns.Count}; quote a field that holds the separator.");
    }

    /// <summary>The line of the file, for messages about a row.</summary>
    /// <param name="row">The row, from 1.</param>
    /// <param name="line">The line on which it begins in <see cref="Rows"/>.</param>
    public long LineOf(long row, long line) => Rows is JsonLinesRows lines ? lines.LineOf(row) : line;

    /// <exception cref="UserErrorException">The column holds a list or an object of JSON; names the line.</exception>
    public void RequireReadable(string column) => (Rows as JsonLinesRows)?.RequireReadable(column);

    /// <summary>Where a column is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="why">What asks for it, such as an option.</param>
    /// <exception cref="UserErrorException">There is none of that name; the message offers the nearest.</exception>
    public int IndexOf(string name, string why)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == name)
                return i;
        }

        string hint = Rows is FileRows && Columns.Any(LooksLikeNumber)
            ? " The first line looks like data; it must hold the columns' names."
            : "";
        throw new UserErrorException($"'{Path}' has no column '{name}' ({why}). {NearNames.Suggest(name, Columns)}{hint}");
    }

    private static bool LooksLikeNumber(string name) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>The candidate that the header line has most of, outside quotes; a comma when it has none.</summary>
    private static char InferSeparator(string path)
    {
        using var text = new StreamReader(path);
        string? line;
        do
            line = text.ReadLine();
        while (line is not null && (line.Length == 0 || line[0] == '#' || line.StartsWith("//", StringComparison.Ordinal)));

        // Every other part of the line split at the quotes lies outside them.
        string outside = string.Concat((line ?? "").Split('"').Where((_, i) => i % 2 == 0));
        return Separators.MaxBy(candidate => outside.Count(c => c == candidate));
    }
}
