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

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + " ...";
}
