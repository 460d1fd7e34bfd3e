using System.Runtime.InteropServices;

namespace MLNetExt.LanguageModeling;

/// <summary>What a model adds to one prompt, token by token.</summary>
/// <param name="prompt">The prompt's tokens.</param>
/// <param name="sampler">Chooses the tokens.</param>
/// <param name="stop">Knows when it is over.</param>
internal sealed class Continuation(int[] prompt, TokenSampler sampler, StopRule stop)
{
    private readonly List<int> _tokens = [];
    private readonly HashSet<int> _seen = [.. prompt];

    /// <summary>The new tokens, those of a stop string among them.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Their text before a stop string.</summary>
    public string Text => stop.Text(Tokens);

    /// <summary>Whether no token is to follow.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether it is finished because it has as many tokens as it may have, and for no other reason.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">One for each token of the vocabulary; they are overwritten.</param>
    public void Add(Span<float> logits)
    {
        int token = sampler.Next(logits, _seen);
        if (stop.EndIds.Contains(token))
        {
            IsFinished = true;
            return;
        }

        _tokens.Add(token);
        _seen.Add(token);
        bool hasStop = stop.HasStopString(Tokens);
        IsCutOff = !hasStop && _tokens.Count == stop.MaxNewTokens;
        IsFinished = hasStop || IsCutOff;
    }
}
