using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>What a language model says of a text.</summary>
public sealed class SentencePrediction : IPrediction
{
    public float NegativeLogLikelihood { get; set; }

    public float Perplexity { get; set; }

    public int TokenCount { get; set; }

    public double[] Numbers() => [NegativeLogLikelihood, Perplexity, TokenCount];
}
