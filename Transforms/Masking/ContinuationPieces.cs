using System.Text.Json;
using MLNetExt.Columns;

namespace MLNetExt.Masking;

/// <summary>Finds the pieces of a WordPiece vocabulary that go on with a word, such as <c>##ing</c>.</summary>
internal static class ContinuationPieces
{
    /// <exception cref="ArgumentException">The tokenizer marks no such pieces.</exception>
    public static int[] Of(TokenColumnInfo tokens)
    {
        int[] ids = Read(tokens.TokenizerJson);
        return ids.Length > 0
            ? ids
            : throw new ArgumentException(
                $"The tokenizer does not mark the pieces that go on with a word, as WordPiece does with ##: {nameof(MaskRule.WholeWords)} needs them. "
                + "Use Text.TokenizeWordPieces, or name their ids.", nameof(tokens));
    }

    private static int[] Read(string tokenizerJson)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(tokenizerJson);
            if (!json.RootElement.TryGetProperty("model", out JsonElement model)
                || !model.TryGetProperty("continuing_subword_prefix", out JsonElement mark)
                || mark.GetString() is not { Length: > 0 } prefix)
                return [];
            return [.. model.GetProperty("vocab").EnumerateObject()
                .Where(piece => piece.Name.Length > prefix.Length && piece.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(piece => piece.Value.GetInt32())];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ArgumentException($"The tokenizer's JSON is damaged: {e.Message}", nameof(tokenizerJson));
        }
    }
}
