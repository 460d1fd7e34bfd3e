using Microsoft.ML;
using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>Scores blocks of rows with a <see cref="SquentropyModel"/>.</summary>
internal sealed class SquentropyScorer : BlockScorer
{
    private readonly SquentropyModel _model;

    public SquentropyScorer(SquentropyModel model, DataViewSchema inputSchema)
        : base(inputSchema, [Features(model)], ScoreColumns.Multiclass(model.ClassCount, model.Labels, inputSchema))
    {
        _model = model;
        if (Inputs[0].Width != model.FeatureCount)
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema), $"Column '{Inputs[0].Name}' has {Inputs[0].Width} slots, but the model was trained on {model.FeatureCount}.");
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        using var probabilities = _model.Probabilities(batch);
        float[] scores = probabilities.data<float>().ToArray();
        return [active[0] ? ScoredColumn.Keys(PredictedKeys.Of(scores, _model.ClassCount)) : null, ScoredColumn.Vectors(scores, _model.ClassCount)];
    }

    private static BatchColumn Features(SquentropyModel model) =>
        BatchColumn.Vector(model.Shape.FeatureColumn, model.Shape.IsSparse ? VectorLayout.Sparse : VectorLayout.Dense);
}
