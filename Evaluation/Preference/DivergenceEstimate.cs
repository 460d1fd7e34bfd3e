namespace MLNetExt.Evaluation;

/// <summary>How far a model is from another: an estimate of the Kullback-Leibler divergence KL(model ‖ reference) from completions that the model itself drew.</summary>
/// <remarks>
/// For completions drawn from the model the mean of the sums of log p(model) − log p(reference) is an unbiased estimate; that of a token is a ratio of two sums, which is
/// consistent: its bias vanishes as completions are added. Noise can make both negative where the divergence is small, though the divergence never is. Tokens of a completion
/// depend on each other, so that standard errors are over completions.
/// </remarks>
public sealed class DivergenceEstimate
{
    private DivergenceEstimate(double[] sums, int[] counts)
    {
        PerCompletion = Distribution.Of(sums);
        CompletionCount = sums.Length;
        TokenCount = counts.Sum(count => (long)count);
        PerToken = sums.Sum() / TokenCount;
        double squares = sums.Zip(counts, (sum, count) => sum - PerToken * count).Sum(rest => rest * rest);
        StandardError = Math.Sqrt(squares * CompletionCount / (CompletionCount - 1)) / TokenCount;
    }

    /// <summary>The mean over all tokens, in nats: the sum of all log-ratios through the number of tokens.</summary>
    public double PerToken { get; }

    /// <summary>The standard error of <see cref="PerToken"/>, by linearisation of the ratio of two sums over completions; NaN for a single completion.</summary>
    public double StandardError { get; }

    /// <summary>The sum over each completion's tokens, in nats: its mean estimates the divergence of whole completions, and its
    /// <see cref="Distribution.StandardError"/> says how well.</summary>
    public Distribution PerCompletion { get; }

    /// <summary>The number of completions.</summary>
    public int CompletionCount { get; }

    /// <summary>The number of tokens.</summary>
    public long TokenCount { get; }

    /// <summary>Makes the estimate.</summary>
    /// <param name="logRatios">For each completion that the model drew, log p(model) − log p(reference) of its tokens, in nats.</param>
    /// <exception cref="ArgumentException">There is no token, or a value is NaN.</exception>
    public static DivergenceEstimate Of(IReadOnlyList<IReadOnlyList<double>> logRatios)
    {
        ArgumentNullException.ThrowIfNull(logRatios);
        if (logRatios.All(completion => completion.Count == 0))
            throw new ArgumentException("A divergence needs at least one token.", nameof(logRatios));
        return new DivergenceEstimate([.. logRatios.Select(completion => completion.Sum())], [.. logRatios.Select(completion => completion.Count)]);
    }
}
