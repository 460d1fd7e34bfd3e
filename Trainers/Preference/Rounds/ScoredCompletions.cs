namespace MLNetExt.Preference;

/// <summary>Completions of a prompt with their rewards.</summary>
/// <param name="Prompt">The prompt's tokens.</param>
/// <param name="Completions">The tokens of each completion, with the end token when the model wrote one.</param>
/// <param name="Rewards">What the reward says of each.</param>
/// <param name="Unfinished">How many completions were cut off.</param>
internal sealed record ScoredCompletions(int[] Prompt, int[][] Completions, double[] Rewards, int Unfinished)
{
    /// <summary>The best completion against the worst; null when neither is better, or one has no tokens.</summary>
    public TokenPair? Pair()
    {
        int best = Array.IndexOf(Rewards, Rewards.Max()), worst = Array.IndexOf(Rewards, Rewards.Min());
        return Rewards[best] > Rewards[worst] && Completions[best].Length > 0 && Completions[worst].Length > 0 && !Completions[best].SequenceEqual(Completions[worst])
            ? new TokenPair { Prompt = Prompt, Chosen = Completions[best], Rejected = Completions[worst] }
            : null;
    }
}
