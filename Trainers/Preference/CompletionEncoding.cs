namespace MLNetExt.Preference;

/// <summary>Puts prompts and completions together as TRL does: each is tokenised for itself, the completion ends with the end token, and what is too long is cut.</summary>
/// <param name="MaxLength">The most tokens of both together.</param>
/// <param name="MaxPromptLength">The most tokens of a prompt, of which the last ones are kept; 0 for no limit of its own.</param>
/// <param name="Truncation">What is kept of a sequence that is too long.</param>
/// <param name="EndId">The token that ends a completion; null to add none.</param>
internal sealed record CompletionEncoding(int MaxLength, int MaxPromptLength, SequenceTruncation Truncation, int? EndId)
{
    /// <summary>A completion with the token that ends it; without tokens, or with that token at its end, it stays as it is.</summary>
    public static int[] WithEnd(ReadOnlySpan<int> completion, int? endId) =>
        endId is { } end && completion.Length > 0 && completion[^1] != end ? [.. completion, end] : completion.ToArray();

    public CompletionSequence Join(ReadOnlySpan<int> prompt, ReadOnlySpan<int> completion)
    {
        if (MaxPromptLength > 0 && prompt.Length > MaxPromptLength)
            prompt = prompt[^MaxPromptLength..];
        int[] ids = [.. prompt, .. WithEnd(completion, EndId)];
        int promptLength = prompt.Length, excess = Math.Max(0, ids.Length - MaxLength);
        if (Truncation == SequenceTruncation.KeepStart)
            return new CompletionSequence(ids[..^excess], Math.Min(promptLength, MaxLength), excess > 0);
        return new CompletionSequence(ids[excess..], Math.Max(0, promptLength - excess), excess > promptLength);
    }
}
