using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Says which tokens attend to which.</summary>
internal static class AttentionMask
{
    /// <summary>What is added to the attention scores: 0, or minus infinity where a token is not seen.</summary>
    /// <param name="isToken">Bool <c>[rows, length]</c>: false for padding.</param>
    /// <param name="isCausal">Whether a token sees only itself and those before it.</param>
    /// <param name="type">The type of the scores.</param>
    /// <param name="queries">How many tokens at the end of the rows look; null for all.</param>
    /// <returns><c>[rows, 1, 1, length]</c>, or <c>[rows, 1, queries, length]</c> when causal, in the caller's dispose scope.</returns>
    /// <remarks>A softmax over nothing is NaN, and that would reach every gradient. So padding that would see nothing sees
    /// something: a row without a token sees all of its padding, and when causal every position sees itself.</remarks>
    public static Tensor Scores(Tensor isToken, bool isCausal, ScalarType type, long? queries = null)
    {
        using var scope = NewDisposeScope();
        Tensor seen = isToken.unsqueeze(1).unsqueeze(1);
        if (isCausal)
        {
            long length = isToken.shape[1];
            Tensor positions = arange(length, device: isToken.device), looking = positions.narrow(0, length - (queries ?? length), queries ?? length).unsqueeze(1);
            seen = seen.logical_and(positions.le(looking)).logical_or(positions.eq(looking));
        }
        else
        {
            seen = seen.logical_or(seen.any(-1, keepdim: true).logical_not());
        }

        return zeros(seen.shape, type, isToken.device).FillWhereInPlace(seen.logical_not(), double.NegativeInfinity).MoveToOuterDisposeScope();
    }
}
