using System.Text.Json;

namespace MLNetExt.Preference;

/// <summary>Reads the files of a run in rounds.</summary>
internal static class RunFile
{
    /// <param name="path">The file, which messages name.</param>
    /// <param name="json">Its text, or that of one line.</param>
    /// <param name="line">The line, from 1; null for the whole file.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static T Read<T>(string path, string json, int? line = null)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json) ?? throw Damaged(path, "it holds null", line);
        }
        catch (JsonException e)
        {
            throw Damaged(path, e.Message, line);
        }
    }

    public static InvalidDataException Damaged(string path, string why, int? line = null) =>
        new($"'{path}' is damaged{(line is null ? "" : $" in line {line}")}: {why} Put the file back as it was, or begin a run in another folder.");
}
