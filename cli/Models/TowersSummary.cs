using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Models;

/// <summary>What two towers have learned.</summary>
/// <param name="Left">The left tower.</param>
/// <param name="Right">The right tower.</param>
/// <param name="EmbeddingSize">The length of the embeddings.</param>
/// <param name="Loss">The loss that they were trained with.</param>
/// <param name="Temperature">t: a pair's logit is t · cosine + b.</param>
/// <param name="Bias">b.</param>
internal sealed record TowersSummary(TowerSummary Left, TowerSummary Right, int EmbeddingSize, string Loss, double Temperature, double Bias)
{
    public static TowersSummary Of(ContrastiveTransformer towers) => new(
        TowerSummary.Of(towers.Left), TowerSummary.Of(towers.Right), towers.EmbeddingSize, towers.Loss.ToString().ToLowerInvariant(), towers.Temperature, towers.Bias);
}
