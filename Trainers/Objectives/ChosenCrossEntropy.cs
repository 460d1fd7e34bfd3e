namespace MLNetExt.Objectives;

/// <summary>Plain fine-tuning on the desired completions.</summary>
public sealed class ChosenCrossEntropy : IPreferenceObjective
{

    /// <inheritdoc/>
    public bool NeedsReference => false;

    /// <inheritdoc/>
    public bool NeedsPairs => false;

    /// <inheritdoc/>
    public CringeContrast? Contrast => null;

    /// <inheritdoc/>
    public PreferenceSum Sum(CompletionScores scores) => throw new NotImplementedException();
}
