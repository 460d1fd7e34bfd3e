using System.Runtime.InteropServices;
using MLNetExt.Sequences;

namespace MLNetExt.LanguageModeling;

/// <summary>Knows when a continuation is over: after so many tokens, at the end token, or at a text.</summary>
internal sealed class StopRule
{
    private readonly GenerationOptions _options;
    private readonly CausalModel _model;

    /// <exception cref="ArgumentException">There are stop strings and no tokenizer.</exception>
    public StopRule(GenerationOptions options, CausalModel model)
    {
        if (options.StopStrings.Count > 0 && model.Tokenizer is null)
            throw new ArgumentException($"{nameof(GenerationOptions.StopStrings)} needs a model with a tokenizer: this one has none.");
        (_options, _model, EndId) = (options, model, options.StopAtEnd ? model.State.EndId : null);
    }

    public int MaxNewTokens => _options.MaxNewTokens;

    /// <summary>The token that ends a continuation, of which it is no part; null for none.</summary>
    public int? EndId { get; }

    /// <summary>When the tokens' text has a stop string, leaves the tokens that stand wholly before it.</summary>
    /// <returns>Whether it had one.</returns>
    public bool CutAtStopString(List<int> tokens)
    {
        if (_options.StopStrings.Count == 0)
            return false;
        string text = Text(tokens.Count);
        int at = _options.StopStrings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (at < 0)
            return false;
        int kept = tokens.Count - 1;
        while (kept > 0 && Text(kept).Length > at)
            kept--;
        tokens.RemoveRange(kept, tokens.Count - kept);
        return true;

        string Text(int count) => _model.Decode(CollectionsMarshal.AsSpan(tokens)[..count]);
    }
}
