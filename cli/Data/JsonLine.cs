using System.Text.Json;

namespace MLNetExt.Cli.Data;

/// <summary>An object of a <see cref="JsonLines"/> file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">The line, from 1.</param>
/// <param name="Values">The values by key; of a repeated key the last.</param>
internal sealed record JsonLine(string Path, long Number, IReadOnlyDictionary<string, JsonElement> Values)
{
    private const string HalfCharacter = "half of a character (an unpaired surrogate)";

    /// <summary>File and line, for messages.</summary>
    public string Place => $"'{Path}', line {Number}";

    /// <exception cref="UserErrorException">The line is no object.</exception>
    public static JsonLine Parse(string path, long number, string content)
    {
        var line = new JsonLine(path, number, new Dictionary<string, JsonElement>());
        try
        {
            var row = JsonElement.Parse(content);
            return row.ValueKind == JsonValueKind.Object
                ? line with { Values = row.EnumerateObject().GroupBy(value => value.Name).ToDictionary(key => key.Key, key => key.Last().Value) }
                : throw new UserErrorException($"{line.Place}: this is no JSON object, which holds a row's columns by name.");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{line.Place}: this is no JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new UserErrorException($"{line.Place}: a key has {HalfCharacter}.");
        }
    }

    /// <summary>Whether a value can be read as text.</summary>
    public bool HasText(string key) => !Values.TryGetValue(key, out JsonElement value) || value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object);

    /// <summary>A value as text; null when there is none, or null.</summary>
    /// <exception cref="UserErrorException">It is a list or an object, or no text.</exception>
    public string? Text(string key) => !Values.TryGetValue(key, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => Text(value),
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => value.GetRawText(),
        _ => throw new UserErrorException($"{Place}: '{key}' is a JSON {value.ValueKind.ToString().ToLowerInvariant()}; only text, numbers and Booleans are read."),
    };

    private string Text(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new UserErrorException($"{Place}: a text has {HalfCharacter}.");
        }
    }
}
