using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Contrastive;
using static TorchSharp.torch;

namespace MLNetExt.Preference;

/// <summary>Adds the rewards of a single column, of both sides of pairs, or of all three to blocks of rows.</summary>
internal sealed class RewardScorer : BlockScorer
{
    private readonly TowerModel _model;

    /// <param name="inputSchema">The schema of the data to score.</param>
    /// <param name="model">The tower.</param>
    /// <param name="scored">The columns to score and those to add.</param>
    public RewardScorer(DataViewSchema inputSchema, TowerModel model, IReadOnlyList<(string Column, string Score)> scored)
        : base(
            inputSchema,
            [.. scored.Select(s => model.Shape.BatchColumn with { Name = s.Column })],
            [.. scored.Select(s => new DataViewSchema.DetachedColumn(s.Score, NumberDataViewType.Single))])
    {
        _model = model;
        foreach (BoundColumn column in Inputs)
            EmbeddingScorer.RequireFit(model.Shape, column, inputSchema);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        var columns = new ScoredColumn?[Inputs.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            if (!active[i])
                continue;
            using Tensor rewards = _model.Forward(batch, Inputs[i].Name);
            columns[i] = ScoredColumn.Scalars(rewards.data<float>().ToArray());
        }

        return columns;
    }
}
