namespace MLNetExt.Tokenization;

/// <summary>A vocabulary with its merges: all that a byte-level BPE tokenizer is made from.</summary>
/// <param name="Tokens">The tokens by id, in the <see cref="ByteAlphabet"/>; special ones as they are.</param>
/// <param name="Merges">Which neighbours become one token, the first the most urgent.</param>
/// <param name="Special">The ids of the special tokens, which no text gives.</param>
/// <param name="Settings">What is done besides.</param>
internal sealed record BytePairModel(
    IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges, IReadOnlySet<int> Special, TokenizerSettings Settings)
{
    public const int MaxTokens = 1 << 22;

    /// <summary>Puts a vocabulary in the order of its ids.</summary>
    /// <exception cref="InvalidDataException">The ids are not 0, 1, 2 ... each once.</exception>
    public static string[] Order(IReadOnlyDictionary<string, int> vocabulary)
    {
        if (vocabulary.Count > MaxTokens)
            throw new InvalidDataException($"The vocabulary has {vocabulary.Count} tokens; at most {MaxTokens} are accepted.");
        var tokens = new string[vocabulary.Count];
        foreach ((string token, int id) in vocabulary)
        {
            if (id < 0 || id >= tokens.Length)
                throw new InvalidDataException($"The vocabulary of {tokens.Length} tokens gives '{token}' the id {id}: ids must run from 0 to {tokens.Length - 1}.");
            if (tokens[id] is { } other)
                throw new InvalidDataException($"The vocabulary gives '{other}' and '{token}' the same id {id}.");
            tokens[id] = token;
        }
        return tokens;
    }

    /// <summary>The ids of the tokens that text can give.</summary>
    /// <exception cref="InvalidDataException">A byte has no token, a token is not of the alphabet, or a merge's tokens are not in the vocabulary.</exception>
    public Dictionary<string, int> Check()
    {
        var ids = new Dictionary<string, int>(Tokens.Count);
        for (int id = 0; id < Tokens.Count; id++)
        {
            if (Special.Contains(id))
                continue;
            if (Tokens[id].Length == 0 || ByteAlphabet.Read(Tokens[id]) is null)
                throw new InvalidDataException($"The token '{Tokens[id]}' (id {id}) is not written in the byte alphabet of GPT-2: this is no byte-level vocabulary.");
            ids.Add(Tokens[id], id);
        }
        for (int value = 0; value < ByteAlphabet.Size; value++)
        {
            if (!ids.ContainsKey(ByteAlphabet.Token((byte)value)))
                throw new InvalidDataException($"The vocabulary has no token for the byte {value} ('{ByteAlphabet.Token((byte)value)}'): a byte-level vocabulary has one for each of the 256.");
        }
        CheckMerges(ids);
        return ids;
    }

    private void CheckMerges(Dictionary<string, int> ids)
    {
        var seen = new HashSet<(string, string)>(Merges.Count);
        foreach ((string left, string right) in Merges)
        {
            if (!ids.ContainsKey(left) || !ids.ContainsKey(right) || !ids.ContainsKey(left + right))
                throw new InvalidDataException($"The merge '{left} {right}' has a part or a result that is not in the vocabulary.");
            if (!seen.Add((left, right)))
                throw new InvalidDataException($"The merge '{left} {right}' is listed twice.");
        }
    }
}
