using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Models;

/// <summary>A model's scores for the rows of a view.</summary>
internal sealed class ScoredRows
{
    private const string Score = "Score";
    private readonly IDataView _scored;

    /// <param name="model">A multiclass model.</param>
    /// <param name="rows">What it scores.</param>
    /// <exception cref="UserErrorException">The model's scores are not those of named classes.</exception>
    public ScoredRows(ITransformer model, IDataView rows)
    {
        _scored = model.Transform(rows);
        if (_scored.Schema.GetColumnOrNull(Score) is not { Type: VectorDataViewType { IsKnownSize: true } } score || !score.HasSlotNames())
            throw new UserErrorException("The model is no multiclass classifier: it gives no Score with a slot for each named class.");
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        Classes = [.. names.DenseValues().Select(n => n.ToString())];
    }

    /// <summary>The classes, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Visits every row once, in order.</summary>
    /// <param name="textColumns">Text columns to read beside the scores.</param>
    /// <param name="visit">Told those columns' values and the row's probabilities; both are valid during the call.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public void ForEach(IReadOnlyList<string> textColumns, RowVisitor visit, CancellationToken cancellation)
    {
        DataViewSchema.Column score = _scored.Schema[Score];
        DataViewSchema.Column[] texts = [.. textColumns.Select(name => _scored.Schema[name])];
        using DataViewRowCursor cursor = _scored.GetRowCursor([score, .. texts]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(score);
        ValueGetter<ReadOnlyMemory<char>>[] getTexts = [.. texts.Select(cursor.GetGetter<ReadOnlyMemory<char>>)];
        VBuffer<float> buffer = default;
        var values = new ReadOnlyMemory<char>[texts.Length];
        float[] probabilities = new float[Classes.Count];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getScore(ref buffer);
            buffer.CopyTo(probabilities);
            for (int i = 0; i < getTexts.Length; i++)
                getTexts[i](ref values[i]);
            visit(values, probabilities);
        }
    }

    /// <summary>What is done with a row.</summary>
    public delegate void RowVisitor(ReadOnlySpan<ReadOnlyMemory<char>> texts, ReadOnlySpan<float> probabilities);
}
