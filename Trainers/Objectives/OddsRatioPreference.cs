namespace MLNetExt.Objectives;

/// <summary>Odds ratio preference optimisation (ORPO).</summary>
public sealed class OddsRatioPreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">.</param>
    public OddsRatioPreference(double beta = 0.1)
    {
    }

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
