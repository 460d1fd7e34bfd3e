namespace MLNetExt.Objectives;

/// <summary>The binary Cringe loss.</summary>
public sealed class BinaryCringe : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="contrast">.</param>
    /// <param name="alpha">.</param>
    public BinaryCringe(CringeContrast? contrast = null, double alpha = 1)
    {
        Contrast = contrast ?? new();
    }

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast? Contrast { get; }

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
