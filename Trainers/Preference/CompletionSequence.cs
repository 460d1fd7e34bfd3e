namespace MLNetExt.Preference;

/// <summary>A prompt with a completion, as a model reads it.</summary>
/// <param name="Ids">The tokens of both.</param>
/// <param name="PromptLength">How many of them are the prompt's.</param>
/// <param name="IsCut">Whether tokens of the completion were cut off.</param>
internal readonly record struct CompletionSequence(int[] Ids, int PromptLength, bool IsCut)
{
    /// <summary>How many tokens are to be predicted: those of the completion, but for a row's first, which nothing precedes.</summary>
    public int TargetCount => Math.Max(0, Ids.Length - Math.Max(1, PromptLength));
}
