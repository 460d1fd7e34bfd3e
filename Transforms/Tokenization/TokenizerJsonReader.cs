using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>. What would change the ids and is not done here is refused by name.</summary>
internal static class TokenizerJsonReader
{
    /// <exception cref="InvalidDataException">It is no such file, it is damaged, or it has a setting that is not supported.</exception>
    public static BytePairModel Read(string text) => TokenizerJson.Read(text, Read);

    private static BytePairModel Read(JsonElement root)
    {
        JsonElement model = root.Model();
        RequireBytePairs(model);
        // Before a list of them is made: the file may be anybody's.
        if (model.GetProperty("merges").GetArrayLength() > BytePairModel.MaxTokens)
            throw new InvalidDataException($"The tokenizer has more than {BytePairModel.MaxTokens} merges; so many are not accepted.");
        Dictionary<string, int> vocabulary = model.Vocabulary();
        HashSet<int> special = root.SpecialTokens(vocabulary);
        RequireByteLevel(root.Section("pre_tokenizer") ?? throw new InvalidDataException("The tokenizer's JSON has no 'pre_tokenizer': it must be ByteLevel."), "pre_tokenizer");
        if (root.Section("decoder") is { } decoder)
            RequireByteLevel(decoder, "decoder");
        (bool lowercase, bool composed) = ReadNormalizer(root.Section("normalizer"));
        (string? bos, string? eos) = TokenizerTemplate.Read(root.Section("post_processor"), vocabulary, special);
        return new BytePairModel(
            BytePairModel.Order(vocabulary),
            [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)],
            special,
            new TokenizerSettings(lowercase, composed, bos, eos, root.MaxTokens()));
    }

    private static void RequireBytePairs(JsonElement model)
    {
        // Files written before there were other models do not say so.
        model.RequireValue("model.", "type", "\"BPE\"");
        model.RequireKnown(
            "model.", "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
        model.RequireValue("model.", "dropout", "null", "0", "0.0");
        model.RequireValue("model.", "continuing_subword_prefix", "null", "\"\"");
        model.RequireValue("model.", "end_of_word_suffix", "null", "\"\"");
        model.RequireValue("model.", "byte_fallback", "false");
        model.RequireValue("model.", "ignore_merges", "false");
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

    private static (string Left, string Right) ReadMerge(JsonElement merge)
    {
        string[] parts = merge.ValueKind == JsonValueKind.Array ? [.. merge.EnumerateArray().Select(part => part.GetString()!)] : merge.GetString()!.Split(' ');
        return parts.Length == 2 && parts.All(part => part?.Length > 0)
            ? (parts[0], parts[1])
            : throw new InvalidDataException($"The tokenizer has the merge {merge.GetRawText()}, which is not two tokens.");
    }
}
