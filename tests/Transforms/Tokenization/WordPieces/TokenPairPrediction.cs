using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Tokenization;

/// <summary>The token ids of a pair of texts, and their types.</summary>
public sealed class TokenPairPrediction : IPrediction
{
    public int[] Tokens { get; set; } = [];

    public int[] TokenTypes { get; set; } = [];

    public double[] Numbers() => [.. Tokens.Concat(TokenTypes).Select(id => (double)id)];
}
