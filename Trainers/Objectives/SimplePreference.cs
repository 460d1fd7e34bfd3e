namespace MLNetExt.Objectives;

/// <summary>Simple preference optimisation (SimPO).</summary>
public sealed class SimplePreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">.</param>
    /// <param name="gamma">.</param>
    public SimplePreference(double beta = 2, double gamma = 0.5)
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
