namespace MLNetExt.Tokenization;

/// <summary>A vocabulary of words and their parts: all that a WordPiece tokenizer is made from.</summary>
/// <param name="Tokens">The tokens by id; those that go on with a word begin with <see cref="Prefix"/>.</param>
/// <param name="Special">The ids of the special tokens, which no text gives.</param>
/// <param name="Settings">What is done besides.</param>
internal sealed record WordPieceModel(IReadOnlyList<string> Tokens, IReadOnlySet<int> Special, WordPieceSettings Settings)
{
    public const string Prefix = "##";
    public const string Pad = "pad";
    public const string Unknown = "unk";
    public const string Start = "cls";
    public const string Separator = "sep";
    public const string Mask = Tokenization.SpecialTokens.Mask;
    private const int MaxWordLength = 1 << 16;

    /// <summary>The roles that every vocabulary has, in the order of their ids in a learned one.</summary>
    public static IReadOnlyList<string> Roles { get; } = [Pad, Unknown, Start, Separator, Mask];

    /// <summary>How the token of a role is written in a learned vocabulary.</summary>
    public static string Write(string role) => $"[{role.ToUpperInvariant()}]";

    /// <summary>The ids of the special tokens by role.</summary>
    /// <exception cref="InvalidDataException">A role has no token, a token is empty or there twice, or text could give a special one.</exception>
    public Dictionary<string, int> Check()
    {
        if (Tokens.Count > BytePairModel.MaxTokens)
            throw new InvalidDataException($"The vocabulary has {Tokens.Count} tokens; at most {BytePairModel.MaxTokens} are accepted.");
        if (Settings.MaxWordLength is < 1 or > MaxWordLength)
            throw new InvalidDataException($"The longest word has {Settings.MaxWordLength} characters: it must be from 1 to {MaxWordLength}.");
        Dictionary<string, int> roles = SpecialTokens.ByRole(Tokens, Special);
        if (Roles.FirstOrDefault(role => !roles.ContainsKey(role)) is { } missing)
            throw new InvalidDataException(
                $"The vocabulary has no special token '{Write(missing)}': a WordPiece vocabulary has {string.Join(", ", Roles.Select(Write))}.");
        var ids = new Dictionary<string, int>(Tokens.Count);
        for (int id = 0; id < Tokens.Count; id++)
            CheckToken(id, ids);
        return roles;
    }

    private void CheckToken(int id, Dictionary<string, int> ids)
    {
        string token = Tokens[id];
        if (token.Length == 0 || token.AsSpan().ContainsAny('\r', '\n'))
            throw new InvalidDataException($"The token '{token}' (id {id}) is empty or has a line break: a token is one line of a vocabulary file.");
        if (!ids.TryAdd(token, id))
            throw new InvalidDataException($"The token '{token}' is in the vocabulary twice, with the ids {ids[token]} and {id}.");
        if (!Special.Contains(id))
            return;
        string text = Settings.Normalize(token);
        if (token.StartsWith(Prefix, StringComparison.Ordinal) || (text == token && BertWords.Instance.PreTokenize(text).Take(2).Count() == 1))
            throw new InvalidDataException($"The special token '{token}' (id {id}) is a word or a part of one, which a text may have: special tokens have brackets.");
    }
}
