using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Reads which special tokens a <c>tokenizer.json</c> sets around a text.</summary>
internal static class TokenizerTemplate
{
    private const string Path = "post_processor.";

    /// <exception cref="InvalidDataException">They are set otherwise than one before and one after.</exception>
    public static (string? Bos, string? Eos) Read(JsonElement? section, Dictionary<string, int> vocabulary, HashSet<int> special)
    {
        if (section is not { } processor)
            return (null, null);
        (string? bos, string? eos) = processor.GetProperty("type").GetString() switch
        {
            "ByteLevel" => (null, null),
            "RobertaProcessing" => (processor.GetProperty("cls")[0].GetString(), processor.GetProperty("sep")[0].GetString()),
            "TemplateProcessing" => ReadTemplate(processor),
            "Sequence" => ReadSequence(processor, vocabulary, special),
            var other => throw new InvalidDataException(
                $"The tokenizer's '{Path}type' is {other}; supported are ByteLevel, TemplateProcessing, RobertaProcessing and a Sequence of these."),
        };
        foreach (string token in new[] { bos, eos }.OfType<string>())
        {
            if (!vocabulary.TryGetValue(token, out int id) || !special.Contains(id))
                throw new InvalidDataException($"The tokenizer's post_processor sets '{token}', which is not among its special added_tokens.");
        }
        return (bos, eos);
    }

    private static (string? Bos, string? Eos) ReadTemplate(JsonElement processor)
    {
        processor.RequireKnown(Path, "type", "single", "pair", "special_tokens");
        string?[] parts = [.. processor.GetProperty("single").EnumerateArray().Select(part => part.Section("SpecialToken")?.GetProperty("id").GetString())];
        int text = Array.IndexOf(parts, null);
        bool isSupported = text is 0 or 1 && parts.Length - text is 1 or 2 && parts.Count(part => part is null) == 1;
        return isSupported
            ? (parts[..text].FirstOrDefault(), parts[(text + 1)..].FirstOrDefault())
            : throw new InvalidDataException($"The tokenizer's '{Path}single' is {processor.GetProperty("single").GetRawText()}; supported are one special token before the text and one after it.");
    }

    private static (string? Bos, string? Eos) ReadSequence(JsonElement sequence, Dictionary<string, int> vocabulary, HashSet<int> special)
    {
        sequence.RequireKnown(Path, "type", "processors");
        (string?, string?)[] set = [.. sequence.GetProperty("processors").EnumerateArray()
            .Select(processor => Read(processor, vocabulary, special)).Where(tokens => tokens is not (null, null))];
        return set.Length <= 1 ? set.FirstOrDefault() : throw new InvalidDataException($"The tokenizer's '{Path}processors' set special tokens more than once.");
    }
}
