using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>Asks models, and makes sure that they gave what was asked for.</summary>
internal static class ModelCalls
{
    /// <summary>A log-probability may be above 0 by rounding, but not by more.</summary>
    private const float LargestLogProbability = 1e-3f;

    /// <summary>Whether a value can be a log-probability; NaN cannot.</summary>
    public static bool IsLogProbability(float value) => value <= LargestLogProbability;

    /// <exception cref="InvalidOperationException">The model gave values of another number of sequences.</exception>
    public static IReadOnlyList<float[]> Score(ISequenceScorer scorer, int[][] sequences)
    {
        IReadOnlyList<float[]> logProbabilities = scorer.LogProbabilities(sequences);
        if (logProbabilities.Count != sequences.Length)
            throw new InvalidOperationException($"The model gave log-probabilities of {logProbabilities.Count} sequences for {sequences.Length}.");
        return logProbabilities;
    }

    /// <exception cref="InvalidOperationException">The model continued another number of prompts.</exception>
    public static IReadOnlyList<int[]> Continue(ITextGenerator generator, int[][] prompts, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<int[]> generated = generator.Generate(prompts, options, cancellationToken);
        if (generated.Count != prompts.Length)
            throw new InvalidOperationException($"The model continued {generated.Count} of {prompts.Length} prompts.");
        return generated;
    }

    /// <summary>What a model gave for the last tokens of a sequence.</summary>
    /// <param name="first">The first token that is wanted, at least 1.</param>
    /// <param name="logProbabilities">What it gave: one value a token but the first.</param>
    /// <param name="length">The sequence's length.</param>
    /// <param name="owner">Names the document that the sequence is of, for messages.</param>
    /// <param name="shift">Where the sequence begins in the document, for messages.</param>
    /// <exception cref="InvalidOperationException">It gave a value that is no log-probability, or not as many as it should.</exception>
    public static ReadOnlySpan<float> From(int first, float[] logProbabilities, int length, Func<string> owner, int shift = 0)
    {
        if (logProbabilities.Length != length - 1)
            throw new InvalidOperationException(
                $"The model gave {logProbabilities.Length} log-probabilities for {length} tokens of {owner()}; it must give one for each but the first.");
        for (int token = first; token < length; token++)
        {
            float logProbability = logProbabilities[token - 1];
            if (!IsLogProbability(logProbability))
                throw new InvalidOperationException(
                    $"The model gave {logProbability} as the log-probability of token {shift + token} (0-based, a start token counted) of {owner()}: its weights or activations hold NaN or infinity, or it gives no log-probabilities.");
        }
        return logProbabilities.AsSpan(first - 1);
    }
}
