using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace Contoso.Components;

internal sealed class NearestCentroidScorer : BlockScorer
{
    private readonly NearestCentroidModel _model;

    public NearestCentroidScorer(DataViewSchema schema, NearestCentroidModel model)
        : base(
            schema,
            [BatchColumn.Vector(model.FeatureColumn, VectorLayout.Dense)],
            [
                new("PredictedLabel", new KeyDataViewType(typeof(uint), model.ClassCount), ScoreAnnotations.MulticlassPredictedLabel(model.Labels, schema)),
                new("Score", new VectorDataViewType(NumberDataViewType.Single, model.ClassCount), ScoreAnnotations.MulticlassScore(model.Labels, schema)),
            ])
    {
        if (Inputs[0].Width != model.FeatureCount)
            throw new ArgumentOutOfRangeException(
                nameof(schema), $"Column '{Inputs[0].Name}' has {Inputs[0].Width} slots, but the model was trained on {model.FeatureCount}.");
        _model = model;
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        Tensor probabilities = _model.Probabilities(batch[Inputs[0].Name]);
        uint[] predicted = [.. probabilities.argmax(1).data<long>().Select(best => (uint)best + 1)];
        return [ScoredColumn.Keys(predicted), ScoredColumn.Vectors(probabilities.data<float>().ToArray(), _model.ClassCount)];
    }
}
