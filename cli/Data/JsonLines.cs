using System.Text.Json;

namespace MLNetExt.Cli.Data;

/// <summary>JSON Lines: an object a line, whose keys are the columns. Empty lines are skipped.</summary>
internal static class JsonLines
{
    private static readonly string[] s_endings = [".jsonl", ".ndjson"];

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool Is(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of the first object.</summary>
    /// <exception cref="UserErrorException">There is no such file, or its first line is no object.</exception>
    public static IReadOnlyList<string> Columns(string path) => [.. Objects(path).First().Object.EnumerateObject().Select(key => key.Name)];

    /// <summary>Reads the objects.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The keys to read, and the option that asks for each.</param>
    /// <param name="mayLack">The key among them that may be null or left out, and is then an empty text; null for none.</param>
    /// <exception cref="UserErrorException">The first object lacks a key; while reading: a line is no object, or lacks a text.</exception>
    public static IEnumerable<TextRow> Read(string path, IReadOnlyList<(string Name, string Option)> columns, string? mayLack)
    {
        IReadOnlyList<string> keys = Columns(path);
        if (columns.FirstOrDefault(c => !keys.Contains(c.Name)) is ({ } missing, var option))
            throw new UserErrorException($"'{path}' has no column '{missing}' ({option}). {NearNames.Suggest(missing, keys)}");
        foreach ((long line, JsonElement row) in Objects(path))
            yield return new TextRow(line, columns.ToDictionary(c => c.Name, c => Text(path, line, row, c.Name, isNeeded: c.Name != mayLack)));
    }

    /// <summary>The objects, and the line, from 1, on which each is.</summary>
    /// <exception cref="UserErrorException">There is no such file; while reading: a line is no object.</exception>
    public static IEnumerable<(long Line, JsonElement Object)> Objects(string path)
    {
        using var text = new StringReader(Utf8Text.Read(path));
        bool isEmpty = true;
        for (long line = 1; text.ReadLine() is { } content; line++)
        {
            if (string.IsNullOrWhiteSpace(content))
                continue;
            isEmpty = false;
            yield return (line, Parse(path, line, content));
        }

        if (isEmpty)
            throw new UserErrorException($"'{path}' is empty: it needs a JSON object a line.");
    }

    private static JsonElement Parse(string path, long line, string content)
    {
        try
        {
            var row = JsonElement.Parse(content);
            return row.ValueKind == JsonValueKind.Object ? row : throw new UserErrorException($"'{path}', line {line}: this is no JSON object, which holds a row's columns by name.");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"'{path}', line {line}: this is no JSON: {e.Message}");
        }
    }

    /// <summary>A value as text.</summary>
    /// <exception cref="UserErrorException">It is a list or an object.</exception>
    public static string Text(string path, long line, JsonElement value, string column) => value.ValueKind switch
    {
        JsonValueKind.String => Text(path, line, value),
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => value.GetRawText(),
        _ => throw new UserErrorException($"'{path}', line {line}: '{column}' is a JSON {value.ValueKind.ToString().ToLowerInvariant()}, and must be text: lists of messages are not read."),
    };

    private static string Text(string path, long line, JsonElement row, string column, bool isNeeded)
    {
        if (row.TryGetProperty(column, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            return Text(path, line, value, column);
        return isNeeded ? throw new UserErrorException($"'{path}', line {line}: there is no '{column}'.") : "";
    }

    private static string Text(string path, long line, JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new UserErrorException($"'{path}', line {line}: a text has half of a character (an unpaired surrogate).");
        }
    }
}
