using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>Scores blocks of rows with a <see cref="TextClassifierModel"/>: for each label the key, or the tags, and the probabilities, then the embedding.</summary>
internal sealed class TextClassifierScorer : BlockScorer
{
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
        Tensor embeddings = _model.Encoder.Embeddings(batch);
        IReadOnlyList<TextClassifierHead> heads = _model.State.Heads;
        var columns = new ScoredColumn?[2 * heads.Count + 1];
        for (int i = 0; i < heads.Count; i++)
        {
            if (!active[2 * i] && !active[2 * i + 1])
                continue;
            float[] scores = _model.Probabilities(i, rows, embeddings).data<float>().ToArray();
            columns[2 * i] = heads[i].IsMultiLabel
                ? ScoredColumn.BooleanVectors(Array.ConvertAll(scores, score => score > 0.5f), heads[i].ClassCount)
                : ScoredColumn.Keys(PredictedKeys.Of(scores, heads[i].ClassCount));
            columns[2 * i + 1] = ScoredColumn.Vectors(scores, heads[i].ClassCount);
        }

        columns[^1] = ScoredColumn.Vectors(embeddings.data<float>().ToArray(), _model.Width);
        return columns;
    }

    private static DataViewSchema.DetachedColumn[] Columns(TextClassifierModel model, DataViewSchema input) =>
    [
        .. model.State.Heads.SelectMany((head, i) => head.IsMultiLabel
            ? ScoreColumns.MultiLabel(head.ClassCount, head.Labels, head.LabelColumn, i)
            : ScoreColumns.Multiclass(head.ClassCount, head.Labels, input, head.LabelColumn, i)),
        new(EncoderScorer.Embedding, new VectorDataViewType(NumberDataViewType.Single, model.Width)),
    ];
}
