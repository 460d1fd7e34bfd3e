namespace MLNetExt.LanguageModeling;

/// <summary>What a model adds to one prompt, token by token.</summary>
/// <param name="prompt">The prompt's tokens.</param>
/// <param name="sampler">Chooses the tokens.</param>
/// <param name="stop">Knows when it is over.</param>
internal sealed class Continuation(int[] prompt, TokenSampler sampler, StopRule stop)
{
    private readonly List<int> _tokens = [];
    private readonly HashSet<int> _seen = [.. prompt];

    /// <summary>The new tokens.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Whether no token is to follow.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">One for each token of the vocabulary; they are overwritten.</param>
    public void Add(Span<float> logits)
    {
        int token = sampler.Next(logits, _seen);
        if (token == stop.EndId)
        {
            IsFinished = true;
            return;
        }

        _tokens.Add(token);
        _seen.Add(token);
        IsFinished = stop.CutAtStopString(_tokens) || _tokens.Count == stop.MaxNewTokens;
    }
}
