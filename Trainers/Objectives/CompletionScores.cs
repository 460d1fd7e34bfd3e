using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>What a language model says of the completions of a batch: small tensors, on the CPU and in double precision when they
/// come from <see cref="CompletionLoss"/>.</summary>
/// <remarks>The tensors made from the given ones belong to the caller's dispose scope.</remarks>
public sealed class CompletionScores
{
    /// <summary>Puts the scores of a batch together.</summary>
    /// <param name="logProbabilities">See <see cref="LogProbabilities"/>.</param>
    /// <param name="isToken">See <see cref="IsToken"/>.</param>
    /// <param name="isDesired">See <see cref="IsDesired"/>.</param>
    /// <param name="isPaired">See <see cref="IsPaired"/>.</param>
    /// <exception cref="ArgumentException">A shape or element type is wrong, or the completions cannot be pairs.</exception>
    public CompletionScores(Tensor logProbabilities, Tensor isToken, Tensor isDesired, bool isPaired)
    {
        LogProbabilities = logProbabilities;
        IsToken = isToken;
        IsDesired = isDesired;
        IsPaired = isPaired;
        throw new NotImplementedException();
    }

    /// <summary>The natural logarithm of the probability of each token <c>[n, T]</c>; 0 where <see cref="IsToken"/> is false.</summary>
    public Tensor LogProbabilities { get; }

    /// <summary>Bool <c>[n, T]</c>: false for prompts and padding.</summary>
    public Tensor IsToken { get; }

    /// <summary>Bool <c>[n]</c>.</summary>
    public Tensor IsDesired { get; }

    /// <summary>Whether the first n/2 completions are the chosen ones, and completion i + n/2 is the rejected one of i.</summary>
    public bool IsPaired { get; }

    /// <summary>The contrast of each token of the undesired completions <c>[n, T]</c>, 0 elsewhere; see <see cref="CringeContrast"/>. Null
    /// when it was not asked for.</summary>
    public Tensor? Contrasts { get; init; }

    /// <summary>The reference model's log-probability of each completion <c>[n]</c>, summed over its tokens; null without one.</summary>
    public Tensor? Reference { get; init; }

    /// <summary>An estimate of the divergence of the model from the reference, in nats; null without one. See
    /// <see cref="CompletionBatch.Divergence"/>.</summary>
    public double? Divergence { get; init; }

    /// <summary>The number of tokens of each completion, as floating point <c>[n]</c>.</summary>
    public Tensor Lengths => throw new NotImplementedException();

    /// <summary>The log-probability of each completion <c>[n]</c>: the sum over its tokens.</summary>
    public Tensor Sums => throw new NotImplementedException();

    /// <summary>The mean log-probability of each completion's tokens <c>[n]</c>; 0 for one without tokens.</summary>
    public Tensor Means => throw new NotImplementedException();

    /// <summary>Bool <c>[n]</c>: which completions count. One without tokens does not, nor does its partner in a pair.</summary>
    public Tensor IsCounted => throw new NotImplementedException();

    /// <summary><see cref="Sums"/> minus <see cref="Reference"/>, <c>[n]</c>.</summary>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public Tensor LogRatios => throw new NotImplementedException();

    /// <summary>Parts values of completions into those of chosen and of rejected ones.</summary>
    /// <param name="values"><c>[n]</c> or <c>[n, ...]</c>.</param>
    /// <returns>Two views <c>[n/2]</c> or <c>[n/2, ...]</c>.</returns>
    /// <exception cref="ArgumentException">The completions are not pairs.</exception>
    public (Tensor Chosen, Tensor Rejected) Pairs(Tensor values) => throw new NotImplementedException();
}
