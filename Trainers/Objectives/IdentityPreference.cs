namespace MLNetExt.Objectives;

/// <summary>Identity preference optimisation (IPO).</summary>
public sealed class IdentityPreference : IPreferenceObjective
{
    /// <summary>Makes the objective.</summary>
    /// <param name="beta">.</param>
    public IdentityPreference(double beta = 0.1)
    {
    }

    /// <summary>Whether each completion's log-ratio is divided by its number of tokens, as TRL does.</summary>
    public bool LengthNormalize { get; init; } = true;

    /// <inheritdoc/>
    public bool NeedsReference => true;

    /// <inheritdoc/>
    public bool NeedsPairs => true;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
