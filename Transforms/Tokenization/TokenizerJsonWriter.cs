using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Writes a tokenizer as Hugging Face's <c>tokenizer.json</c>. Equal tokenizers give equal text.</summary>
internal static class TokenizerJsonWriter
{
    public static string Write(BytePairModel model) => TokenizerJsonParts.Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteTruncation(model.Settings.MaxTokens);
        json.WriteNull("padding");
        json.WriteSpecialTokens(model.Tokens, model.Special);
        WriteNormalizer(json, model.Settings);
        WriteByteLevel(json, "pre_tokenizer");
        WritePostProcessor(json, model);
        WriteByteLevel(json, "decoder");
        WriteModel(json, model);
        json.WriteEndObject();
    });

    /// <summary>The vocabulary as GPT-2's <c>vocab.json</c>.</summary>
    public static string WriteVocabulary(BytePairModel model) => TokenizerJsonParts.Text(json => json.WriteTokens(model.Tokens));

    private static void WriteNormalizer(Utf8JsonWriter json, TokenizerSettings settings)
    {
        string[] steps = [.. new[] { settings.Composed ? "NFC" : null, settings.Lowercase ? "Lowercase" : null }.OfType<string>()];
        if (steps.Length == 0)
        {
            json.WriteNull("normalizer");
            return;
        }
        json.WriteStartObject("normalizer");
        if (steps.Length == 1)
        {
            json.WriteString("type", steps[0]);
        }
        else
        {
            json.WriteString("type", "Sequence");
            json.WriteStartArray("normalizers");
            foreach (string step in steps)
            {
                json.WriteStartObject();
                json.WriteString("type", step);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string section)
    {
        json.WriteStartObject(section);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WritePostProcessor(Utf8JsonWriter json, BytePairModel model)
    {
        (string? bos, string? eos) = (model.Settings.Bos, model.Settings.Eos);
        if (bos is null && eos is null)
        {
            json.WriteNull("post_processor");
            return;
        }
        json.WriteTemplate(
            [TemplatePart.Special(bos), TemplatePart.Text("A"), TemplatePart.Special(eos)],
            [TemplatePart.Special(bos), TemplatePart.Text("A"), TemplatePart.Text("B", 1), TemplatePart.Special(eos, 1)],
            new[] { bos, eos }.OfType<string>().Distinct().Select(token => (token, model.Special.First(id => model.Tokens[id] == token))));
    }

    private static void WriteModel(Utf8JsonWriter json, BytePairModel model)
    {
        json.WriteStartObject("model");
        json.WriteString("type", TokenizerJson.BytePairType);
        foreach (string none in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" })
            json.WriteNull(none);
        foreach (string flag in new[] { "fuse_unk", "byte_fallback", "ignore_merges" })
            json.WriteBoolean(flag, false);
        json.WritePropertyName("vocab");
        json.WriteTokens(model.Tokens);
        json.WriteStartArray("merges");
        foreach ((string left, string right) in model.Merges)
            json.WriteStringValue($"{left} {right}");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
