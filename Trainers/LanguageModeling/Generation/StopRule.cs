using MLNetExt.Sequences;

namespace MLNetExt.LanguageModeling;

/// <summary>Knows when a continuation is over, after so many tokens, at an end token, or at a text; and what is then left of it.</summary>
internal sealed class StopRule
{
    private readonly GenerationOptions _options;
    private readonly CausalModel _model;

    /// <exception cref="ArgumentException">There are stop strings and no tokenizer.</exception>
    public StopRule(GenerationOptions options, CausalModel model)
    {
        if (options.StopStrings.Count > 0 && model.Tokenizer is null)
            throw new ArgumentException($"{nameof(GenerationOptions.StopStrings)} needs a model with a tokenizer: this one has none.");
        (_options, _model, EndIds) = (options, model, options.StopAtEnd ? model.State.EndIds : []);
    }

    public int MaxNewTokens => _options.MaxNewTokens;

    /// <summary>The tokens that end a continuation, of which they are no part.</summary>
    public IReadOnlyList<int> EndIds { get; }

    /// <summary>Whether the tokens' text has a stop string.</summary>
    public bool HasStopString(ReadOnlySpan<int> tokens)
    {
        if (_options.StopStrings.Count == 0)
            return false;
        string text = _model.Decode(tokens);
        return End(text) < text.Length;
    }

    /// <summary>The tokens' text before the first stop string.</summary>
    public string Text(ReadOnlySpan<int> tokens)
    {
        string text = _model.Decode(tokens);
        return text[..End(text)];
    }

    /// <summary>The tokens that stand wholly before the first stop string.</summary>
    public int[] WholeTokens(int[] tokens)
    {
        if (!HasStopString(tokens))
            return tokens;
        int end = Text(tokens).Length, kept = tokens.Length;
        while (kept > 0 && _model.Decode(tokens.AsSpan(0, kept)).Length > end)
            kept--;
        return tokens[..kept];
    }

    private int End(string text) =>
        _options.StopStrings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(text.Length).Min();
}
