namespace MLNetExt.Objectives;

/// <summary>Unlikelihood training.</summary>
public sealed class Unlikelihood : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="alpha">.</param>
    public Unlikelihood(double alpha = 1)
    {
    }

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
