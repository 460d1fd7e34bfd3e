using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>What a language model says of the completions of a batch: small tensors, on the CPU and in double precision when they
/// come from <see cref="CompletionLoss"/>.</summary>
/// <remarks>The tensors made here belong to the caller's dispose scope.</remarks>
public sealed class CompletionScores
{
    /// <summary>Puts the scores of a batch together.</summary>
    /// <param name="logProbabilities">See <see cref="LogProbabilities"/>.</param>
    /// <param name="isToken">See <see cref="IsToken"/>.</param>
    /// <param name="isDesired">See <see cref="IsDesired"/>.</param>
    /// <param name="isPaired">See <see cref="IsPaired"/>.</param>
    /// <exception cref="ArgumentException">A shape or element type is wrong, or the number of pairs' completions is odd.</exception>
    public CompletionScores(Tensor logProbabilities, Tensor isToken, Tensor isDesired, bool isPaired)
    {
        TensorCheck.Require(logProbabilities, nameof(logProbabilities), "floating point [n, T]", t => t.is_floating_point() && t.dim() == 2);
        long[] shape = logProbabilities.shape;
        TensorCheck.Require(isToken, nameof(isToken), $"bool [{shape[0]}, {shape[1]}]", t => t.dtype == ScalarType.Bool && t.shape.SequenceEqual(shape));
        TensorCheck.Require(isDesired, nameof(isDesired), $"bool [{shape[0]}]", t => t.dtype == ScalarType.Bool && t.dim() == 1 && t.shape[0] == shape[0]);
        if (isPaired && shape[0] % 2 != 0)
            throw new ArgumentException($"There are {shape[0]} completions; pairs have an even number.", nameof(isPaired));
        (LogProbabilities, IsToken, IsDesired, IsPaired) = (logProbabilities, isToken, isDesired, isPaired);
        Lengths = isToken.sum(1).to(logProbabilities.dtype);
        Sums = logProbabilities.sum(1);
        IsCounted = Lengths.gt(0);
        if (isPaired)
        {
            var (chosen, rejected) = Pairs(IsCounted);
            IsCounted = chosen.logical_and(rejected).repeat(2);
        }
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

    /// <summary>An estimate of the divergence of the model from the reference; null without one. See <see cref="CompletionBatch.Divergence"/>.</summary>
    public double? Divergence { get; init; }

    /// <summary>How many tokens each completion has, as floating point <c>[n]</c>.</summary>
    public Tensor Lengths { get; }

    /// <summary>The log-probability of each completion <c>[n]</c>: the sum over its tokens.</summary>
    public Tensor Sums { get; }

    /// <summary>Bool <c>[n]</c>: which completions count. One without tokens does not, nor does its partner in a pair.</summary>
    public Tensor IsCounted { get; }

    /// <summary>The mean log-probability of each completion's tokens <c>[n]</c>; 0 for one without tokens.</summary>
    public Tensor Means => Sums / Lengths.clamp(min: 1);

    /// <summary><see cref="Sums"/> minus <see cref="Reference"/>, <c>[n]</c>.</summary>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public Tensor LogRatios => Sums - (Reference ?? throw new ArgumentException("The loss needs a reference model's log-probabilities, and there are none: set Reference."));

    /// <summary>The contrast of each completion <c>[n]</c>: the sum over its tokens.</summary>
    /// <exception cref="ArgumentException">There are no contrasts.</exception>
    public Tensor ContrastSums => (Contrasts ?? throw new ArgumentException("The loss needs the contrasts of tokens, and there are none: set Contrasts.")).sum(1);

    /// <summary>Parts values of completions into those of chosen and of rejected ones.</summary>
    /// <param name="values"><c>[n]</c> or <c>[n, ...]</c>.</param>
    /// <returns>Two views <c>[n/2]</c> or <c>[n/2, ...]</c>.</returns>
    /// <exception cref="ArgumentException">The completions are not in pairs.</exception>
    public (Tensor Chosen, Tensor Rejected) Pairs(Tensor values)
    {
        if (!IsPaired)
            throw new ArgumentException("The loss compares the completions of pairs, and these are not in pairs: see CompletionBatch.Pairs.");
        long count = values.shape[0] / 2;
        return (values.narrow(0, 0, count), values.narrow(0, count, count));
    }

    /// <summary>Bool <c>[n, T]</c>: the tokens of some completions, as far as they count.</summary>
    internal Tensor TokensWhere(Tensor isWanted) => IsToken.logical_and(IsCounted.logical_and(isWanted).unsqueeze(1));
}
