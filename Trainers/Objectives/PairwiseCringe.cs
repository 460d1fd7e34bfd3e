namespace MLNetExt.Objectives;

/// <summary>The pairwise Cringe loss.</summary>
public sealed class PairwiseCringe : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="contrast">.</param>
    /// <param name="gateBias">.</param>
    /// <param name="gateTemperature">.</param>
    /// <param name="alpha">.</param>
    public PairwiseCringe(CringeContrast? contrast = null, double gateBias = -10, double gateTemperature = 10, double alpha = 1)
    {
        Contrast = contrast ?? new();
    }

    /// <summary>Whether the gate is a constant weight: no gradient flows through it.</summary>
    public bool DetachGate { get; init; } = true;

    /// <summary>Whether the margin is the difference of mean, not of summed log-probabilities.</summary>
    public bool LengthNormalizeMargin { get; init; }

    /// <summary>How both terms are reduced over the tokens of a completion.</summary>
    public TokenReduction TokenReduction { get; init; } = TokenReduction.Mean;

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast { get; }

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
