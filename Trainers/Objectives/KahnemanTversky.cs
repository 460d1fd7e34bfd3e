namespace MLNetExt.Objectives;

/// <summary>Kahneman-Tversky optimisation (KTO).</summary>
public sealed class KahnemanTversky : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">.</param>
    /// <param name="desirableWeight">.</param>
    /// <param name="undesirableWeight">.</param>
    public KahnemanTversky(double beta = 0.1, double desirableWeight = 1, double undesirableWeight = 1)
    {
    }

    /// <inheritdoc/>
    public bool NeedsReference => true;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
