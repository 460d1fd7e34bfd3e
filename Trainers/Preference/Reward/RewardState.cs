using System.Text.Json.Serialization;
using MLNetExt.Contrastive;

namespace MLNetExt.Preference;

/// <summary>What a saved reward model holds beside its weights.</summary>
/// <param name="Tower">The tower; its column is the single one to score.</param>
/// <param name="ChosenColumn">The chosen side of pairs.</param>
/// <param name="RejectedColumn">Their rejected side.</param>
internal sealed record RewardState(TowerShape Tower, string ChosenColumn, string RejectedColumn)
{
    public TowerShape Tower { get; } = Tower.EmbeddingSize == 1
        ? Tower
        : throw new ArgumentException("The tower of a reward model must give one number.", nameof(Tower));

    /// <summary>What the model scores.</summary>
    [JsonIgnore]
    public RewardColumns Columns { get; } = new(Tower.Column, ChosenColumn, RejectedColumn);
}
