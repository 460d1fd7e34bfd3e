using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

/// <summary>A model that looks at the last token alone: entry [i][j] is the log-probability of j after i.</summary>
internal sealed class BigramModel(double[][] logProbabilities, int contextLength = 8) : ISequenceScorer, ITextGenerator
{
    public int VocabularySize => logProbabilities.Length;

    public int ContextLength => contextLength;

    public string? TokenizerFingerprint { get; set; }

    /// <summary>How many sequences each call was given.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>Random probabilities.</summary>
    public static BigramModel Random(int seed, int vocabulary, int contextLength)
    {
        var random = new Random(seed);
        return new BigramModel([.. Enumerable.Range(0, vocabulary).Select(_ =>
        {
            double[] weights = [.. Enumerable.Range(0, vocabulary).Select(_ => random.NextDouble() + 0.05)];
            return Array.ConvertAll(weights, weight => Math.Log(weight / weights.Sum()));
        })], contextLength);
    }

    public double LogProbability(int previous, int next) => logProbabilities[previous][next];

    public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences)
    {
        Calls.Add(sequences.Count);
        Assert.IsTrue(sequences.All(ids => ids.Length >= 1 && ids.Length <= contextLength), "sequences of 1 to ContextLength ids");
        return [.. sequences.Select(ids => ids.Zip(ids.Skip(1), (previous, next) => (float)LogProbability(previous, next)).ToArray())];
    }

    public IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        Calls.Add(prompts.Count);
        Assert.IsFalse(options.StopAtEnd);
        Assert.IsTrue(prompts.All(prompt => prompt.Length + options.MaxNewTokens <= contextLength), "prompts that fit");
        return [.. prompts.Select(prompt => BeamSearch.Run(
            beams => [.. beams.Select(beam => logProbabilities[beam.Tokens.Length == 0 ? prompt[^1] : beam.Tokens[^1]])],
            options.Beams,
            options.MaxNewTokens)[0].Tokens)];
    }
}
