using MLNetExt.Preference;

namespace MLNetExt.Cli.Models;

/// <summary>What a reward model is.</summary>
/// <param name="Kind">Its network.</param>
/// <param name="InputColumn">The single column that it scores.</param>
/// <param name="ChosenColumn">The chosen side of pairs.</param>
/// <param name="RejectedColumn">Their rejected side.</param>
/// <param name="Weights">The number of trained weights.</param>
internal sealed record RewardSummary(string Kind, string InputColumn, string ChosenColumn, string RejectedColumn, long Weights)
{
    public static RewardSummary Of(RewardModelTransformer model) =>
        new(model.Kind.ToString(), model.InputColumnName, model.ChosenColumnName, model.RejectedColumnName, model.WeightCount);
}
