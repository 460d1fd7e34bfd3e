using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Writes a WordPiece tokenizer as Hugging Face's <c>tokenizer.json</c>. Equal tokenizers give equal text.</summary>
internal static class WordPieceJsonWriter
{
    public static string Write(WordPieceModel model, IReadOnlyDictionary<string, int> roles) => TokenizerJsonParts.Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteTruncation(model.Settings.MaxTokens);
        json.WriteNull("padding");
        json.WriteSpecialTokens(model.Tokens, model.Special);
        WriteNormalizer(json, model.Settings);
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "BertPreTokenizer");
        json.WriteEndObject();
        WritePostProcessor(json, model, roles);
        WriteDecoder(json);
        WriteModel(json, model, roles);
        json.WriteEndObject();
    });

    private static void WriteNormalizer(Utf8JsonWriter json, WordPieceSettings settings)
    {
        json.WriteStartObject("normalizer");
        json.WriteString("type", "BertNormalizer");
        json.WriteBoolean("clean_text", true);
        json.WriteBoolean("handle_chinese_chars", true);
        json.WriteBoolean("strip_accents", settings.StripAccents);
        json.WriteBoolean("lowercase", settings.Lowercase);
        json.WriteEndObject();
    }

    private static void WritePostProcessor(Utf8JsonWriter json, WordPieceModel model, IReadOnlyDictionary<string, int> roles)
    {
        if (!model.Settings.AddSpecialTokens)
        {
            json.WriteNull("post_processor");
            return;
        }
        int[] ids = [roles[WordPieceModel.Start], roles[WordPieceModel.Separator]];
        string start = model.Tokens[ids[0]], separator = model.Tokens[ids[1]];
        TemplatePart[] single = [TemplatePart.Special(start), TemplatePart.Text("A"), TemplatePart.Special(separator)];
        json.WriteTemplate(single, [.. single, TemplatePart.Text("B", 1), TemplatePart.Special(separator, 1)], ids.Select(id => (model.Tokens[id], id)));
    }

    private static void WriteDecoder(Utf8JsonWriter json)
    {
        json.WriteStartObject("decoder");
        json.WriteString("type", "WordPiece");
        json.WriteString("prefix", WordPieceModel.Prefix);
        json.WriteBoolean("cleanup", false);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, WordPieceModel model, IReadOnlyDictionary<string, int> roles)
    {
        json.WriteStartObject("model");
        json.WriteString("type", TokenizerJson.WordPieceType);
        json.WriteString("unk_token", model.Tokens[roles[WordPieceModel.Unknown]]);
        json.WriteString("continuing_subword_prefix", WordPieceModel.Prefix);
        json.WriteNumber("max_input_chars_per_word", model.Settings.MaxWordLength);
        json.WritePropertyName("vocab");
        json.WriteTokens(model.Tokens);
        json.WriteEndObject();
    }
}
