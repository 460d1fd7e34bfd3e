using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Models;

/// <summary>A model's scores for the rows of a view.</summary>
internal sealed class ScoredRows
{
    private const string Score = "Score";
    private readonly VectorRows _scores;

    /// <param name="model">A multiclass model.</param>
    /// <param name="rows">What it scores.</param>
    /// <exception cref="UserErrorException">The model's scores are not those of named classes.</exception>
    public ScoredRows(ITransformer model, IDataView rows)
    {
        IDataView scored = model.Transform(rows);
        if (scored.Schema.GetColumnOrNull(Score) is not { Type: VectorDataViewType { IsKnownSize: true } } score || !score.HasSlotNames())
            throw new UserErrorException("The model is no multiclass classifier: it gives no Score with a slot for each named class.");
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        Classes = [.. names.DenseValues().Select(n => n.ToString())];
        _scores = new VectorRows(scored, Score);
    }

    /// <summary>The classes, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Visits every row once, in order.</summary>
    /// <param name="textColumns">Text columns to read beside the scores.</param>
    /// <param name="visit">Told those columns' values and the row's probabilities; both are valid during the call.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public void ForEach(IReadOnlyList<string> textColumns, VectorRows.RowVisitor visit, CancellationToken cancellation) =>
        _scores.ForEach(textColumns, visit, cancellation);
}
