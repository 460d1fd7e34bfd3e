using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>The parts of a tokenizer's JSON, with what is not supported refused by name.</summary>
internal static class TokenizerJsonElements
{
    /// <summary>A member that is there and not null.</summary>
    public static JsonElement? Section(this JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <exception cref="InvalidDataException">There is a member of another name.</exception>
    public static void RequireKnown(this JsonElement owner, string path, params string[] names)
    {
        foreach (JsonProperty member in owner.EnumerateObject())
        {
            if (!names.Contains(member.Name))
                throw new InvalidDataException($"The tokenizer has the setting '{path}{member.Name}', which is not known: it may change the ids.");
        }
    }

    /// <exception cref="InvalidDataException">The member is there and has none of these values, written as JSON.</exception>
    public static void RequireValue(this JsonElement owner, string path, string name, params string[] values)
    {
        if (owner.TryGetProperty(name, out JsonElement value) && !values.Contains(value.GetRawText()))
            throw new InvalidDataException($"The tokenizer's '{path}{name}' is {Shorten(value.GetRawText())}; supported is {string.Join(" or ", values)}.");
    }

    /// <summary>The model, in a root that has nothing unknown beside it. Padding is not looked at: batches pad rows, as long as need be.</summary>
    public static JsonElement Model(this JsonElement root)
    {
        root.RequireKnown("", "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        return root.Section("model") ?? throw new InvalidDataException("The tokenizer's JSON has no 'model'.");
    }

    /// <summary>The ids of a model's tokens.</summary>
    public static Dictionary<string, int> Vocabulary(this JsonElement model)
    {
        JsonElement tokens = model.GetProperty("vocab");
        // Before a dictionary of them is made: the file may be anybody's.
        return tokens.GetPropertyCount() <= BytePairModel.MaxTokens
            ? tokens.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32())
            : throw new InvalidDataException($"The tokenizer has more than {BytePairModel.MaxTokens} tokens; so many are not accepted.");
    }

    /// <summary>The ids of the added tokens, which are put into the vocabulary where they are missing.</summary>
    /// <exception cref="InvalidDataException">One of them is not special, or has two ids.</exception>
    public static HashSet<int> SpecialTokens(this JsonElement root, Dictionary<string, int> vocabulary)
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

    /// <summary>The most ids of a text; null for no limit.</summary>
    public static int? MaxTokens(this JsonElement root)
    {
        if (root.Section("truncation") is not { } truncation)
            return null;
        truncation.RequireKnown("truncation.", "direction", "max_length", "strategy", "stride");
        truncation.RequireValue("truncation.", "direction", "\"Right\"");
        return truncation.GetProperty("max_length").GetInt32();
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + " ...";
}
