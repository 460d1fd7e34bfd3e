using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Hugging Face's <c>tokenizer.json</c> as a whole: what it is, and where it lies.</summary>
internal static class TokenizerJson
{
    public const string BytePairType = "BPE";
    public const string WordPieceType = "WordPiece";
    private const int MaxDepth = 32;

    /// <summary>Reads what a caller needs of it.</summary>
    /// <exception cref="InvalidDataException">It is no such file, it is damaged, or it has a setting that is not supported.</exception>
    public static T Read<T>(string text, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"The tokenizer's JSON is damaged: {e.Message}");
        }
    }

    /// <summary>Which kind of model it has. Files of old, such as bert-base-uncased's, do not say; of the kinds supported, only word pieces have a longest word.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static string? ModelType(string text) => Read(text, root => root.Section("model") is not { } model
        ? BytePairType
        : model.Section("type")?.GetString() ?? (model.Section("max_input_chars_per_word") is null ? BytePairType : WordPieceType));

    /// <summary>Makes a tokenizer from a file.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message names the file.</exception>
    public static T FromFile<T>(string file, Func<string, T> fromJson)
    {
        try
        {
            return fromJson(File.ReadAllText(file));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The tokenizer file '{file}' cannot be used: {e.Message}");
        }
    }
}
