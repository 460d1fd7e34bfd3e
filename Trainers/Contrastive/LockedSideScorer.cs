using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Contrastive;

/// <summary>What training reads of a locked side instead of its own column: the embeddings, and what tells equal rows.</summary>
internal sealed class LockedSideScorer : BlockScorer
{
    private readonly TowerModel _model;
    private readonly TowerShape _shape;

    /// <param name="inputSchema">The schema of the data to embed.</param>
    /// <param name="model">The locked tower.</param>
    /// <param name="shape">Which column it reads, and which it adds.</param>
    /// <param name="identityColumn">The text column to add that is equal for rows whose value is equal.</param>
    public LockedSideScorer(DataViewSchema inputSchema, TowerModel model, TowerShape shape, string identityColumn)
        : base(inputSchema, [shape.BatchColumn], [EmbeddingScorer.Output(shape), new(identityColumn, TextDataViewType.Instance)])
    {
        _model = model;
        _shape = shape;
        EmbeddingScorer.RequireFit(shape, Inputs[0], inputSchema);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active) =>
    [
        active[0] ? EmbeddingScorer.Embed(_model, _shape, batch) : null,
        active[1] ? ScoredColumn.Texts([.. RowIdentity.Of(batch, _shape.Column, _shape.Input).Select(Text)]) : null,
    ];

    private static ReadOnlyMemory<char> Text(long identity) => identity.ToString("x16", CultureInfo.InvariantCulture).AsMemory();
}
