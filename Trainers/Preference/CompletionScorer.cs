using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>How likely a model holds completions.</summary>
internal static class CompletionScorer
{
    /// <summary>The sum of the log-probabilities of each sequence's completion, in nats; NaN where nothing is predicted.</summary>
    public static float[] Sums(CausalModel model, IReadOnlyList<CompletionSequence> sequences)
    {
        // A sequence without a prompt is scored from its second token on: nothing precedes the first.
        int[] scored = [.. Enumerable.Range(0, sequences.Count).Where(i => sequences[i].TargetCount > 0)];
        float[][] tokens = model.LogProbabilities([.. scored.Select(i => sequences[i].Ids)]);
        float[] sums = [.. Enumerable.Repeat(float.NaN, sequences.Count)];
        for (int i = 0; i < scored.Length; i++)
            sums[scored[i]] = tokens[i].AsSpan(^sequences[scored[i]].TargetCount..).ToArray().Sum();
        return sums;
    }
}
