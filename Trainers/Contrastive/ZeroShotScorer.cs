using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Scores blocks of rows by their cosines with the classes' embeddings.</summary>
internal sealed class ZeroShotScorer : BlockScorer
{
    private readonly ZeroShotState _state;
    private readonly TowerModel _model;
    private readonly Tensor _classes;

    /// <param name="state">Names columns and classes.</param>
    /// <param name="model">Embeds the rows.</param>
    /// <param name="classes">Float32 <c>[classes, embedding size]</c>, rows of length 1.</param>
    /// <param name="inputSchema">The schema of the data to classify.</param>
    public ZeroShotScorer(ZeroShotState state, TowerModel model, Tensor classes, DataViewSchema inputSchema)
        : base(inputSchema, [state.Tower.BatchColumn], Columns(state, inputSchema))
    {
        _state = state;
        _model = model;
        _classes = classes;
        EmbeddingScorer.RequireFit(state.Tower, Inputs[0], inputSchema);
        RequireSameLabels(state, inputSchema);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        Tensor cosines = _model.Embed(batch, _state.Tower.Column).PadRows().mm(_classes.t()).narrow(0, 0, batch.RowCount);
        float[] scores = softmax(cosines * _state.Temperature, 1).contiguous().data<float>().ToArray();
        int classes = _state.Labels.Texts.Count;
        return [active[0] ? ScoredColumn.Keys(PredictedKeys.Of(scores, classes)) : null, ScoredColumn.Vectors(scores, classes)];
    }

    private static DataViewSchema.DetachedColumn[] Columns(ZeroShotState state, DataViewSchema input) =>
    [
        new("PredictedLabel", new KeyDataViewType(typeof(uint), state.Labels.Texts.Count), ScoreAnnotations.MulticlassPredictedLabel(state.Labels, input)),
        new("Score", new VectorDataViewType(NumberDataViewType.Single, state.Labels.Texts.Count), ScoreAnnotations.MulticlassScore(state.Labels, input)),
    ];

    /// <summary>ML.NET's evaluator compares keys by their numbers: with other key values it would silently compare other classes.</summary>
    private static void RequireSameLabels(ZeroShotState state, DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(state.LabelColumn) is not { Type: KeyDataViewType } label)
            return;
        if (KeyValues.Of(label) is { } values && !values.Texts.SequenceEqual(state.Labels.Texts))
            throw new ArgumentException(
                $"The key values of column '{state.LabelColumn}' are not the classifier's labels in their order ('{values.Texts[0]}', ... and '{state.Labels.Texts[0]}', ...), so that evaluating would compare other classes: "
                + "give the labels in the key's order, make the key with MapValueToKey(keyData: ...), or name another labelColumnName.");
    }
}
