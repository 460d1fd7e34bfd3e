using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Tokenization;

/// <summary>The token ids of a row.</summary>
public sealed class TokenPrediction : IPrediction
{
    public int[] Tokens { get; set; } = [];

    public double[] Numbers() => [.. Tokens.Select(id => (double)id)];
}
