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
    /// <param name="textColumn">A text column to read beside the scores; null for none.</param>
    /// <param name="visit">Told that column's value and the row's probabilities, which are valid during the call.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public void ForEach(string? textColumn, RowVisitor visit, CancellationToken cancellation)
    {
        DataViewSchema.Column score = _scored.Schema[Score];
        DataViewSchema.Column? text = textColumn is null ? null : _scored.Schema[textColumn];
        using DataViewRowCursor cursor = _scored.GetRowCursor(text is { } t ? [score, t] : [score]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(score);
        ValueGetter<ReadOnlyMemory<char>>? getText = text is { } column ? cursor.GetGetter<ReadOnlyMemory<char>>(column) : null;
        VBuffer<float> buffer = default;
        ReadOnlyMemory<char> value = default;
        float[] probabilities = new float[Classes.Count];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getScore(ref buffer);
            buffer.CopyTo(probabilities);
            getText?.Invoke(ref value);
            visit(value.Span, probabilities);
        }
    }

    /// <summary>What is done with a row.</summary>
    public delegate void RowVisitor(ReadOnlySpan<char> text, ReadOnlySpan<float> probabilities);
}
