using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>. What would change the ids and is not done here is refused by name.</summary>
internal static class TokenizerJsonReader
{
    private const int MaxDepth = 32;

    /// <exception cref="InvalidDataException">It is no such file, it is damaged, or it has a setting that is not supported.</exception>
    public static BytePairModel Read(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"The tokenizer's JSON is damaged: {e.Message}");
        }
    }

    private static BytePairModel Read(JsonElement root)
    {
        root.RequireKnown("", "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        root.RequireValue("", "padding", "null");
        JsonElement model = root.Section("model") ?? throw new InvalidDataException("The tokenizer's JSON has no 'model'.");
        RequireBytePairs(model);
        // Before a dictionary of them is made: the file may be anybody's.
        if (model.GetProperty("vocab").GetPropertyCount() > BytePairModel.MaxTokens || model.GetProperty("merges").GetArrayLength() > BytePairModel.MaxTokens)
            throw new InvalidDataException($"The tokenizer has more than {BytePairModel.MaxTokens} tokens or merges; so many are not accepted.");
        Dictionary<string, int> vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        HashSet<int> special = ReadSpecial(root, vocabulary);
        RequireByteLevel(root.Section("pre_tokenizer") ?? throw new InvalidDataException("The tokenizer's JSON has no 'pre_tokenizer': it must be ByteLevel."), "pre_tokenizer");
        if (root.Section("decoder") is { } decoder)
            RequireByteLevel(decoder, "decoder");
        (bool lowercase, bool composed) = ReadNormalizer(root.Section("normalizer"));
        (string? bos, string? eos) = TokenizerTemplate.Read(root.Section("post_processor"), vocabulary, special);
        return new BytePairModel(
            BytePairModel.Order(vocabulary),
            [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)],
            special,
            new TokenizerSettings(lowercase, composed, bos, eos, ReadTruncation(root.Section("truncation"))));
    }

    private static void RequireBytePairs(JsonElement model)
    {
        model.RequireKnown(
            "model.", "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
        // Files written before there were other models do not say so.
        model.RequireValue("model.", "type", "\"BPE\"");
        model.RequireValue("model.", "dropout", "null", "0", "0.0");
        model.RequireValue("model.", "continuing_subword_prefix", "null", "\"\"");
        model.RequireValue("model.", "end_of_word_suffix", "null", "\"\"");
        model.RequireValue("model.", "byte_fallback", "false");
        model.RequireValue("model.", "ignore_merges", "false");
    }

    private static HashSet<int> ReadSpecial(JsonElement root, Dictionary<string, int> vocabulary)
    {
        var special = new HashSet<int>();
        if (root.Section("added_tokens") is not { } added)
            return special;
        foreach (JsonElement token in added.EnumerateArray())
        {
            token.RequireKnown("added_tokens.", "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            string content = token.GetProperty("content").GetString() ?? "";
            int id = token.GetProperty("id").GetInt32();
            if (!token.GetProperty("special").GetBoolean())
                throw new InvalidDataException($"The tokenizer's added token '{content}' is not special: tokens that are cut out of the text before it is encoded are not supported.");
            if (!vocabulary.TryAdd(content, id) && vocabulary[content] != id)
                throw new InvalidDataException($"The tokenizer gives '{content}' the ids {vocabulary[content]} and {id}.");
            special.Add(id);
        }
        return special;
    }

    private static void RequireByteLevel(JsonElement section, string name)
    {
        section.RequireKnown(name + ".", "type", "add_prefix_space", "trim_offsets", "use_regex");
        section.RequireValue(name + ".", "type", "\"ByteLevel\"");
        if (name == "decoder")
            return;
        section.RequireValue(name + ".", "add_prefix_space", "false");
        section.RequireValue(name + ".", "use_regex", "true");
    }

    private static (bool Lowercase, bool Composed) ReadNormalizer(JsonElement? section)
    {
        if (section is not { } normalizer)
            return (false, false);
        normalizer.RequireKnown("normalizer.", "type", "normalizers");
        JsonElement[] steps = normalizer.GetProperty("type").GetString() == "Sequence" ? [.. normalizer.GetProperty("normalizers").EnumerateArray()] : [normalizer];
        string types = string.Join(", ", steps.Select(step => step.GetProperty("type").GetString()));
        return types switch
        {
            "" => (false, false),
            "NFC" => (false, true),
            "Lowercase" => (true, false),
            "NFC, Lowercase" => (true, true),
            _ => throw new InvalidDataException($"The tokenizer's normalizer is {types}: supported are NFC, Lowercase, and NFC before Lowercase."),
        };
    }

    private static int? ReadTruncation(JsonElement? section)
    {
        if (section is not { } truncation)
            return null;
        truncation.RequireKnown("truncation.", "direction", "max_length", "strategy", "stride");
        truncation.RequireValue("truncation.", "direction", "\"Right\"");
        return truncation.GetProperty("max_length").GetInt32();
    }

    private static (string Left, string Right) ReadMerge(JsonElement merge)
    {
        string[] parts = merge.ValueKind == JsonValueKind.Array ? [.. merge.EnumerateArray().Select(part => part.GetString()!)] : merge.GetString()!.Split(' ');
        return parts.Length == 2 && parts.All(part => part?.Length > 0)
            ? (parts[0], parts[1])
            : throw new InvalidDataException($"The tokenizer has the merge {merge.GetRawText()}, which is not two tokens.");
    }
}
