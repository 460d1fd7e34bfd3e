using Microsoft.ML.SearchSpace;
using MLNetExt.Objectives;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Preference;

/// <summary>The options of <see cref="BinaryCringeTrainer"/>.</summary>
public sealed class BinaryCringeOptions : PreferenceTrainerOptions
{
    /// <summary>Single completions, which <see cref="LabelColumnName"/> judges: text, or a vector of Int32. Null to learn from the pairs of
    /// <see cref="PreferenceTrainerOptions.ChosenColumnName"/> and <see cref="PreferenceTrainerOptions.RejectedColumnName"/>.</summary>
    public string? CompletionColumnName { get; set; }

    /// <summary>Whether a single completion is desired: Boolean.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <inheritdoc cref="PairwiseCringeOptions.Alpha"/>
    [Range(0.01, 2.0, 1.0, true)]
    public double Alpha { get; set; } = 1;

    /// <inheritdoc cref="PairwiseCringeOptions.Candidates"/>
    [Range(1, 10, 5)]
    public int Candidates { get; set; } = 5;

    /// <inheritdoc cref="PairwiseCringeOptions.DetachPositives"/>
    public bool DetachPositives { get; set; }

    internal override PreferenceColumns Columns => SingleCompletions.ColumnsOf(this, CompletionColumnName, LabelColumnName);

    internal override bool NeedsReference => false;

    internal override IPreferenceObjective CreateObjective(MarginQuantiles? start) => new BinaryCringe(CringeChoice.Contrast(this, Candidates, DetachPositives), Alpha);

    internal override void Validate()
    {
        base.Validate();
        Require(Alpha >= 0 && double.IsFinite(Alpha), Alpha, "at least 0");
        Require(Candidates >= 1, Candidates, "at least 1");
    }
}
