namespace MLNetExt.Masking;

/// <summary>How many tokens of a row are to be predicted, and what is read in their place: Devlin et al., "BERT" (arXiv 1810.04805).</summary>
/// <remarks>What is neither masked nor replaced is kept: <c>1 - MaskShare - RandomShare</c> of the predicted tokens.</remarks>
public sealed record MaskRule
{
    /// <summary>The share of a row's tokens, special ones not counted, that is predicted; in (0, 1].</summary>
    public double Rate
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Rate), value, $"{nameof(Rate)} must lie in (0, 1].");
    } = 0.15;

    /// <summary>The probability that a predicted token is read as the mask; in [0, 1].</summary>
    public double MaskShare { get; init => field = Share(value, nameof(MaskShare)); } = 0.8;

    /// <summary>The probability that a predicted token is read as a random one that is not special; in [0, 1 - MaskShare].</summary>
    public double RandomShare { get; init => field = Share(value, nameof(RandomShare)); } = 0.1;

    /// <summary>Whether the pieces of a word are predicted together or not at all; each is masked, replaced or kept for itself.</summary>
    public bool WholeWords { get; init; }

    /// <summary>The seed of the random numbers.</summary>
    public long Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">The shares do not go together.</exception>
    internal MaskRule Validate() => MaskShare + RandomShare <= 1 + 1e-9
        ? this
        : throw new ArgumentOutOfRangeException(
            nameof(RandomShare), RandomShare, $"{nameof(MaskShare)} and {nameof(RandomShare)} must be at most 1 together, but are {MaskShare} and {RandomShare}.");

    private static double Share(double value, string name) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in [0, 1].");
}
