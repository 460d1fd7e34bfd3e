using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Writes a tokenizer as Hugging Face's <c>tokenizer.json</c>. Equal tokenizers give equal text.</summary>
internal static class TokenizerJsonWriter
{
    public static string Write(BytePairModel model) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        WriteTruncation(json, model.Settings.MaxTokens);
        json.WriteNull("padding");
        WriteSpecialTokens(json, model);
        WriteNormalizer(json, model.Settings);
        WriteByteLevel(json, "pre_tokenizer");
        WritePostProcessor(json, model);
        WriteByteLevel(json, "decoder");
        WriteModel(json, model);
        json.WriteEndObject();
    });

    /// <summary>The vocabulary as GPT-2's <c>vocab.json</c>.</summary>
    public static string WriteVocabulary(BytePairModel model) => Text(json => WriteTokens(json, model));

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteTruncation(Utf8JsonWriter json, int? maxTokens)
    {
        if (maxTokens is not { } length)
        {
            json.WriteNull("truncation");
            return;
        }
        json.WriteStartObject("truncation");
        json.WriteString("direction", "Right");
        json.WriteNumber("max_length", length);
        json.WriteString("strategy", "LongestFirst");
        json.WriteNumber("stride", 0);
        json.WriteEndObject();
    }

    private static void WriteSpecialTokens(Utf8JsonWriter json, BytePairModel model)
    {
        json.WriteStartArray("added_tokens");
        foreach (int id in model.Special.Order())
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", model.Tokens[id]);
            foreach (string flag in new[] { "single_word", "lstrip", "rstrip", "normalized" })
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

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
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WriteTemplate(json, "single", bos, ["A"], eos);
        WriteTemplate(json, "pair", bos, ["A", "B"], eos);
        json.WriteStartObject("special_tokens");
        foreach (string token in new[] { bos, eos }.OfType<string>().Distinct())
        {
            json.WriteStartObject(token);
            json.WriteString("id", token);
            json.WriteStartArray("ids");
            json.WriteNumberValue(model.Special.First(id => model.Tokens[id] == token));
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(token);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTemplate(Utf8JsonWriter json, string name, string? first, string[] texts, string? last)
    {
        json.WriteStartArray(name);
        WritePart(json, "SpecialToken", first, typeId: 0);
        for (int i = 0; i < texts.Length; i++)
            WritePart(json, "Sequence", texts[i], typeId: i);
        WritePart(json, "SpecialToken", last, typeId: texts.Length - 1);
        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, string kind, string? id, int typeId)
    {
        if (id is null)
            return;
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", typeId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, BytePairModel model)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (string none in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" })
            json.WriteNull(none);
        foreach (string flag in new[] { "fuse_unk", "byte_fallback", "ignore_merges" })
            json.WriteBoolean(flag, false);
        json.WritePropertyName("vocab");
        WriteTokens(json, model);
        json.WriteStartArray("merges");
        foreach ((string left, string right) in model.Merges)
            json.WriteStringValue($"{left} {right}");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter json, BytePairModel model)
    {
        json.WriteStartObject();
        for (int id = 0; id < model.Tokens.Count; id++)
            json.WriteNumber(model.Tokens[id], id);
        json.WriteEndObject();
    }
}
