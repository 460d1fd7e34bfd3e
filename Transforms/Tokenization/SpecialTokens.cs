using System.Text.RegularExpressions;

namespace MLNetExt.Tokenization;

/// <summary>The roles of special tokens, which follow from how the tokens are written.</summary>
internal static partial class SpecialTokens
{
    public const string Bos = "bos";
    public const string Eos = "eos";
    public const string Mask = "mask";

    /// <summary>How a token of that role is written.</summary>
    public static string Write(string role) => $"<|{role}|>";

    /// <summary>Whether a token looks like a special one: in angle or square brackets.</summary>
    public static bool IsBracketed(string token) => Bracketed().IsMatch(token);

    /// <summary>The role of a token: what stands within its brackets, in lower case, with the usual names of beginning and end brought to one.</summary>
    public static string RoleOf(string token)
    {
        string name = Bracketed().Match(token) is { Success: true } match ? match.Groups["name"].Value.ToLowerInvariant() : token;
        return name switch
        {
            "s" or "startoftext" or "begin_of_text" => Bos,
            "/s" or "endoftext" or "end_of_text" => Eos,
            _ => name,
        };
    }

    /// <summary>The ids by role; where two tokens have one role, the second goes by its text.</summary>
    /// <param name="tokens">The tokens by id.</param>
    /// <param name="special">The ids of the special ones.</param>
    public static Dictionary<string, int> ByRole(IReadOnlyList<string> tokens, IEnumerable<int> special)
    {
        var roles = new Dictionary<string, int>();
        foreach (int id in special.Order())
        {
            if (!roles.TryAdd(RoleOf(tokens[id]), id))
                roles[tokens[id]] = id;
        }
        return roles;
    }

    [GeneratedRegex(@"^(?:<\|(?<name>.+)\|>|<(?<name>.+)>|\[(?<name>.+)\])\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Bracketed();
}
