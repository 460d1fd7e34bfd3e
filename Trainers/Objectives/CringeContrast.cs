namespace MLNetExt.Objectives;

/// <summary>Which tokens the Cringe loss holds against the tokens of an undesired completion.</summary>
/// <remarks>
/// With logits x and the undesired token y, the candidates S are the k tokens of highest logit without y; equal logits are
/// ordered by token id. One of them, p, is drawn by softmax(x[S]), and the token's contrast is
/// <code>ct = −log(e^x[p] / (e^x[p] + e^x[y])) = softplus(x[y] − x[p])</code>
/// Drawing is not differentiated. Gradient: ∂ct/∂x[y] = σ(x[y] − x[p]) = −∂ct/∂x[p], all others 0. Adding a constant to x
/// changes nothing. Instead of a draw, the contrast can be its expectation over S; see <see cref="CompletionLoss.Sum"/>.
/// </remarks>
public sealed class CringeContrast
{
    private readonly IReadOnlyList<int> _excludedTokens = [];

    /// <summary>Describes the contrast.</summary>
    /// <param name="candidates">k, at least 1; more than the vocabulary has beside y is the same as all of them. The paper of
    /// the Cringe loss uses 5, the command line of its code 1, which is the runner-up without a draw.</param>
    /// <param name="detachPositives">Whether no gradient flows into x[p]: y is then pushed down, and nothing up.</param>
    /// <exception cref="ArgumentException">There is no candidate.</exception>
    public CringeContrast(int candidates = 5, bool detachPositives = false)
    {
        if (candidates < 1)
            throw new ArgumentException($"The number of candidates is {candidates}; it must be at least 1.", nameof(candidates));
        Candidates = candidates;
        DetachPositives = detachPositives;
    }

    /// <summary>k.</summary>
    public int Candidates { get; }

    /// <summary>Whether no gradient flows into the logit of the token drawn.</summary>
    public bool DetachPositives { get; }

    /// <summary>Ids of tokens that are never candidates, in any order: padding and other special tokens, say. They can still be
    /// tokens of a completion. At least two tokens of the vocabulary must not be among them.</summary>
    /// <exception cref="ArgumentException">An id is negative.</exception>
    public IReadOnlyList<int> ExcludedTokens
    {
        get => _excludedTokens;
        init => _excludedTokens = value.Any(id => id < 0)
            ? throw new ArgumentException($"ExcludedTokens has {value.Min()}; token ids are not negative.", nameof(value))
            : [.. value];
    }
}
