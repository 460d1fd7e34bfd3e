using System.Numerics.Tensors;
using MLNetExt.Sequences;

namespace MLNetExt.LanguageModeling;

/// <summary>Chooses the tokens of one continuation, one after the other, from the logits of the vocabulary.</summary>
/// <param name="options">Options that were checked.</param>
/// <param name="seed">Decides what is drawn.</param>
internal sealed class TokenSampler(GenerationOptions options, int seed)
{
    private readonly Random _random = new(seed);
    private float[] _probabilities = [];
    private int[] _tokens = [];

    /// <summary>The next token.</summary>
    /// <param name="logits">One for each token of the vocabulary; they are overwritten.</param>
    /// <param name="seen">The tokens of prompt and continuation, which <see cref="GenerationOptions.RepetitionPenalty"/> makes less likely.</param>
    public int Next(Span<float> logits, IReadOnlySet<int> seen)
    {
        if (options.RepetitionPenalty != 1)
            Penalize(logits, seen);
        if (options.Temperature == 0)
            return TensorPrimitives.IndexOfMax<float>(logits);
        TensorPrimitives.Divide(logits, (float)options.Temperature, logits);
        int count = Sort(logits);
        Span<float> probabilities = _probabilities.AsSpan(0, count);
        TensorPrimitives.SoftMax(probabilities, probabilities);
        return _tokens[Draw(probabilities)];
    }

    private void Penalize(Span<float> logits, IReadOnlySet<int> seen)
    {
        float penalty = (float)options.RepetitionPenalty;
        foreach (int token in seen)
            logits[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
    }

    /// <summary>Brings the logits that can be drawn to the front of <see cref="_probabilities"/>, from high to low where that matters.</summary>
    /// <returns>How many there are.</returns>
    private int Sort(ReadOnlySpan<float> logits)
    {
        if (_tokens.Length < logits.Length)
            (_tokens, _probabilities) = (new int[logits.Length], new float[logits.Length]);
        Span<int> tokens = _tokens.AsSpan(0, logits.Length);
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = i;
        // The keys are negated, because spans sort upwards.
        Span<float> keys = _probabilities.AsSpan(0, logits.Length);
        TensorPrimitives.Negate(logits, keys);
        if (options.TopK > 0 || options.TopP < 1)
            keys.Sort(tokens);
        TensorPrimitives.Negate<float>(keys, keys);
        return options.TopK > 0 ? Math.Min(options.TopK, logits.Length) : logits.Length;
    }

    /// <summary>Draws a place by its probability, among the first that together have <see cref="GenerationOptions.TopP"/>.</summary>
    private int Draw(ReadOnlySpan<float> probabilities)
    {
        int count = probabilities.Length;
        double total = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            total += probabilities[i];
            if (options.TopP < 1 && total >= options.TopP)
            {
                count = i + 1;
                break;
            }
        }

        double drawn = _random.NextDouble() * total;
        for (int i = 0; i < count - 1; i++)
        {
            drawn -= probabilities[i];
            if (drawn < 0)
                return i;
        }

        return count - 1;
    }
}
