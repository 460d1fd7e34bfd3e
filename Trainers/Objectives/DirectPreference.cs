namespace MLNetExt.Objectives;

/// <summary>Direct preference optimisation.</summary>
public sealed class DirectPreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">.</param>
    /// <param name="labelSmoothing">.</param>
    /// <param name="robust">.</param>
    public DirectPreference(double beta = 0.1, double labelSmoothing = 0, bool robust = false)
    {
    }

    /// <inheritdoc/>
    public bool NeedsReference => true;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
