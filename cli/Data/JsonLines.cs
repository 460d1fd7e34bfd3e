namespace MLNetExt.Cli.Data;

/// <summary>JSON Lines: an object a line, whose keys are the columns. Empty lines are skipped.</summary>
internal static class JsonLines
{
    private static readonly string[] s_endings = [".jsonl", ".ndjson"];

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool Is(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of all objects, in the order in which they first appear.</summary>
    /// <exception cref="UserErrorException">There is no such file, or a line is no object.</exception>
    public static IReadOnlyList<string> Columns(string path) => Columns(Objects(path));

    /// <inheritdoc cref="Columns(string)"/>
    public static IReadOnlyList<string> Columns(IEnumerable<JsonLine> objects) => [.. objects.SelectMany(line => line.Values.Keys).Distinct()];

    /// <summary>Reads the objects.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The keys to read, and the option that asks for each.</param>
    /// <param name="gapsAreEmpty">Whether a key that an object lacks, and null, are an empty text, as an empty field of a table is; otherwise they are refused.</param>
    /// <exception cref="UserErrorException">A line is no object, or no object has a key; while reading: a line lacks a text.</exception>
    public static IEnumerable<TextRow> Read(string path, IReadOnlyList<(string Name, string Option)> columns, bool gapsAreEmpty)
    {
        JsonLine[] objects = [.. Objects(path)];
        IReadOnlyList<string> keys = Columns(objects);
        if (columns.FirstOrDefault(c => !keys.Contains(c.Name)) is ({ } missing, var option))
            throw new UserErrorException($"'{path}' has no column '{missing}' ({option}). {NearNames.Suggest(missing, keys)}");
        foreach (JsonLine line in objects)
        {
            yield return new TextRow(line.Number, columns.ToDictionary(c => c.Name, c => line.Text(c.Name)
                ?? (gapsAreEmpty ? "" : throw new UserErrorException($"{line.Place}: there is no '{c.Name}'."))));
        }
    }

    /// <summary>Reads the objects as they are.</summary>
    /// <exception cref="UserErrorException">There is no such file; while reading: a line is no object.</exception>
    public static IEnumerable<JsonLine> Objects(string path)
    {
        using var text = new StringReader(Utf8Text.Read(path));
        bool isEmpty = true;
        for (long line = 1; text.ReadLine() is { } content; line++)
        {
            if (string.IsNullOrWhiteSpace(content))
                continue;
            isEmpty = false;
            yield return JsonLine.Parse(path, line, content);
        }

        if (isEmpty)
            throw new UserErrorException($"'{path}' is empty: it needs a JSON object a line.");
    }
}
