using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>Scores blocks of rows with a <see cref="TextClassifierModel"/>.</summary>
internal sealed class TextClassifierScorer : BlockScorer
{
    private const int PredictedLabelAt = 0, ScoreAt = 1, EmbeddingAt = 2;

    private readonly TextClassifierModel _model;

    public TextClassifierScorer(TextClassifierModel model, DataViewSchema inputSchema)
        : base(inputSchema, model.State.Encoder.Columns().ToRead, Columns(model, inputSchema))
    {
        _model = model;
        model.Encoder.RequireTokenizer(inputSchema);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        int[][] rows = _model.Encoder.Read(batch);
        int classes = _model.State.ClassCount;
        Tensor embeddings = _model.Encoder.Embeddings(batch);
        float[]? scores = active[PredictedLabelAt] || active[ScoreAt] ? _model.Probabilities(rows, embeddings).data<float>().ToArray() : null;
        return
        [
            active[PredictedLabelAt] ? ScoredColumn.Keys(PredictedKeys.Of(scores, classes)) : null,
            active[ScoreAt] ? ScoredColumn.Vectors(scores!, classes) : null,
            active[EmbeddingAt] ? ScoredColumn.Vectors(embeddings.data<float>().ToArray(), _model.Width) : null,
        ];
    }

    private static DataViewSchema.DetachedColumn[] Columns(TextClassifierModel model, DataViewSchema input) =>
    [
        .. ScoreColumns.Multiclass(model.State.ClassCount, model.State.Labels, input),
        new(EncoderScorer.Embedding, new VectorDataViewType(NumberDataViewType.Single, model.Width)),
    ];
}
