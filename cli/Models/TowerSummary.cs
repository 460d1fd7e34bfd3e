using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Models;

/// <summary>What one tower is.</summary>
/// <param name="Column">The column that it reads.</param>
/// <param name="Kind">Its network.</param>
/// <param name="Weights">The number of trained weights.</param>
internal sealed record TowerSummary(string Column, string Kind, long Weights)
{
    public static TowerSummary Of(EmbeddingTransformer tower) => new(tower.InputColumnName, tower.Kind.ToString(), tower.WeightCount);
}
