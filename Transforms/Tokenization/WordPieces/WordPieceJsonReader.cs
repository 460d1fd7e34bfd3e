using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c> of a WordPiece tokenizer that cuts text as BERT's does. What would change the ids and is not done here is refused by name.</summary>
internal static class WordPieceJsonReader
{
    /// <exception cref="InvalidDataException">It is no such file, it is damaged, or it has a setting that is not supported.</exception>
    public static WordPieceModel Read(string text) => TokenizerJson.Read(text, Read);

    private static WordPieceModel Read(JsonElement root)
    {
        JsonElement model = root.Model();
        model.RequireValue("model.", "type", "\"WordPiece\"");
        model.RequireKnown("model.", "type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        model.RequireValue("model.", "continuing_subword_prefix", "\"##\"");
        Dictionary<string, int> vocabulary = model.Vocabulary();
        HashSet<int> special = root.SpecialTokens(vocabulary);
        string[] tokens = BytePairModel.Order(vocabulary);
        Dictionary<string, int> roles = SpecialTokens.ByRole(tokens, special);
        string unknown = model.Section("unk_token")?.GetString() ?? WordPieceModel.Write(WordPieceModel.Unknown);
        if (!roles.TryGetValue(WordPieceModel.Unknown, out int id) || tokens[id] != unknown)
            throw new InvalidDataException($"The tokenizer's 'model.unk_token' is {unknown}, which is not the token [UNK] or <unk> of its special added_tokens.");
        RequireBertWords(root);
        (bool lowercase, bool stripAccents) = ReadNormalizer(root.Section("normalizer"));
        int longest = model.Section("max_input_chars_per_word")?.GetInt32() ?? WordPieceSettings.UsualWordLength;
        return new WordPieceModel(tokens, special, new WordPieceSettings(lowercase, stripAccents, ReadTemplate(root, tokens, roles), root.MaxTokens(), longest));
    }

    private static void RequireBertWords(JsonElement root)
    {
        JsonElement words = root.Section("pre_tokenizer") ?? throw new InvalidDataException("The tokenizer's JSON has no 'pre_tokenizer': it must be BertPreTokenizer.");
        words.RequireKnown("pre_tokenizer.", "type");
        Require(words, "pre_tokenizer.", "type", "\"BertPreTokenizer\"");
        if (root.Section("decoder") is not { } decoder)
            return;
        decoder.RequireKnown("decoder.", "type", "prefix", "cleanup");
        Require(decoder, "decoder.", "type", "\"WordPiece\"");
        decoder.RequireValue("decoder.", "prefix", "\"##\"");
    }

    private static (bool Lowercase, bool StripAccents) ReadNormalizer(JsonElement? section)
    {
        JsonElement normalizer = section ?? throw new InvalidDataException("The tokenizer's JSON has no 'normalizer': it must be BertNormalizer.");
        normalizer.RequireKnown("normalizer.", "type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        Require(normalizer, "normalizer.", "type", "\"BertNormalizer\"");
        normalizer.RequireValue("normalizer.", "clean_text", "true");
        normalizer.RequireValue("normalizer.", "handle_chinese_chars", "true");
        bool lowercase = normalizer.Section("lowercase")?.GetBoolean() ?? true;
        return (lowercase, normalizer.Section("strip_accents")?.GetBoolean() ?? lowercase);
    }

    /// <summary>Whether special tokens are set around texts, as BERT sets them.</summary>
    private static bool ReadTemplate(JsonElement root, string[] tokens, Dictionary<string, int> roles)
    {
        if (root.Section("post_processor") is not { } processor)
            return false;
        if (!roles.TryGetValue(WordPieceModel.Start, out int start) || !roles.TryGetValue(WordPieceModel.Separator, out int separator))
            throw new InvalidDataException("The tokenizer has a post_processor, and no [CLS] and [SEP] among its special added_tokens.");
        string first = $"{tokens[start]}:0 $A:0 {tokens[separator]}:0", second = $"{first} $B:1 {tokens[separator]}:1";
        (string Single, string Pair) set = processor.GetProperty("type").GetString() switch
        {
            "BertProcessing" when Ends(processor) == (tokens[start], start, tokens[separator], separator) => (first, second),
            "TemplateProcessing" => (Parts(processor.GetProperty("single")), Parts(processor.GetProperty("pair"))),
            var other => ($"that of {other}", ""),
        };
        return set == (first, second)
            ? true
            : throw new InvalidDataException($"The tokenizer's post_processor sets '{set.Single}' and '{set.Pair}' around texts; supported is BERT's '{first}' and '{second}'.");
    }

    private static (string?, int, string?, int) Ends(JsonElement processor)
    {
        JsonElement start = processor.GetProperty("cls"), separator = processor.GetProperty("sep");
        return (start[0].GetString(), start[1].GetInt32(), separator[0].GetString(), separator[1].GetInt32());
    }

    private static string Parts(JsonElement template) => string.Join(' ', template.EnumerateArray().Select(part =>
        part.Section("SpecialToken") is { } special ? Part("", special) : Part("$", part.GetProperty("Sequence"))));

    private static string Part(string sign, JsonElement part) => $"{sign}{part.GetProperty("id").GetString()}:{part.GetProperty("type_id").GetInt32()}";

    private static void Require(JsonElement section, string path, string name, string value)
    {
        // What is not there is not what it must be.
        section.GetProperty(name);
        section.RequireValue(path, name, value);
    }
}
