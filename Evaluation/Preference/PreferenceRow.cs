namespace MLNetExt.Evaluation;

/// <summary>A prompt and its two completions, as ids.</summary>
/// <param name="Row">The row of the data, counted from 0.</param>
/// <param name="Prompt">The prompt; empty for none.</param>
/// <param name="Chosen">The completion that is preferred, with its end token.</param>
/// <param name="Rejected">The other one, with its end token.</param>
internal sealed record PreferenceRow(long Row, int[] Prompt, int[] Chosen, int[] Rejected)
{
    /// <summary>Tokens of a completion that nothing precedes, and that therefore cannot be scored: the first one where there is no prompt.</summary>
    public int Unscored => Prompt.Length == 0 ? 1 : 0;

    /// <summary>Whether a completion has no token to score.</summary>
    public bool IsEmpty => Chosen.Length <= Unscored || Rejected.Length <= Unscored;

    /// <summary>Whether the completions are the same.</summary>
    public bool IsEqual => Chosen.AsSpan().SequenceEqual(Rejected);
}
