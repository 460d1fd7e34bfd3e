using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Writes the parts of a <c>tokenizer.json</c> that tokenizers have in common.</summary>
internal static class TokenizerJsonParts
{
    public static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static void WriteTruncation(this Utf8JsonWriter json, int? maxTokens)
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

    public static void WriteSpecialTokens(this Utf8JsonWriter json, IReadOnlyList<string> tokens, IEnumerable<int> special)
    {
        json.WriteStartArray("added_tokens");
        foreach (int id in special.Order())
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", tokens[id]);
            foreach (string flag in new[] { "single_word", "lstrip", "rstrip", "normalized" })
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes what is set around texts.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="single">The places of one text's template.</param>
    /// <param name="pair">The places of the template of two texts.</param>
    /// <param name="ids">The ids of the special tokens in them, in the order in which they are listed.</param>
    public static void WriteTemplate(this Utf8JsonWriter json, TemplatePart[] single, TemplatePart[] pair, IEnumerable<(string Token, int Id)> ids)
    {
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WriteParts(json, "single", single);
        WriteParts(json, "pair", pair);
        json.WriteStartObject("special_tokens");
        foreach ((string token, int id) in ids)
        {
            json.WriteStartObject(token);
            json.WriteString("id", token);
            json.WriteStartArray("ids");
            json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(token);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteTokens(this Utf8JsonWriter json, IReadOnlyList<string> tokens)
    {
        json.WriteStartObject();
        for (int id = 0; id < tokens.Count; id++)
            json.WriteNumber(tokens[id], id);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, string name, TemplatePart[] parts)
    {
        json.WriteStartArray(name);
        foreach (TemplatePart part in parts.Where(part => part.Id is not null))
        {
            json.WriteStartObject();
            json.WriteStartObject(part.Kind);
            json.WriteString("id", part.Id);
            json.WriteNumber("type_id", part.TypeId);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
