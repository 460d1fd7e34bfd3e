namespace MLNetExt.Evaluation;

/// <summary>A part of a sequence that is given to a model at once, and which of its tokens count.</summary>
/// <param name="Start">The window's first token.</param>
/// <param name="FirstScored">The first token that counts: those before it are context, and counted by an earlier window.</param>
/// <param name="End">The token behind the last, which counts.</param>
internal readonly record struct ScoringWindow(int Start, int FirstScored, int End)
{
    /// <summary>Windows in which every token but the first counts exactly once.</summary>
    /// <remarks>The first window holds as many tokens as the context, each further one scores the next <paramref name="stride"/> tokens and reaches back as far as
    /// the context does, so that a token beyond the first window has at least <paramref name="contextLength"/> - <paramref name="stride"/> tokens before it.</remarks>
    /// <param name="length">The sequence's length.</param>
    /// <param name="contextLength">The most tokens in a window, at least 2.</param>
    /// <param name="stride">How many tokens a further window scores; 1 to <paramref name="contextLength"/> - 1.</param>
    public static IEnumerable<ScoringWindow> Of(int length, int contextLength, int stride)
    {
        int end = Math.Min(contextLength, length);
        if (length > 1)
            yield return new ScoringWindow(0, 1, end);
        while (end < length)
        {
            int next = Math.Min(length, end + stride);
            yield return new ScoringWindow(next - contextLength, end, next);
            end = next;
        }
    }
}
