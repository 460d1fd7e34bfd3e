using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Evaluation;

/// <summary>A reward that an ML.NET model computes from text: a reward model, a regression, a ranker, the Score of a two-class classifier.</summary>
/// <remarks>The model is given the text columns <c>Prompt</c>, <c>Completion</c> and <c>Text</c>, the prompt with the completion behind it, and reads of them what it needs.</remarks>
public sealed class TransformerReward : IReward
{
    private readonly MLContext _context;
    private readonly ITransformer _model;
    private readonly SchemaDefinition _schema;
    private readonly string _scoreColumnName;

    /// <summary>Makes a reward of a model.</summary>
    /// <param name="context">Makes the rows for the model.</param>
    /// <param name="model">The model; disposing it is left to the caller.</param>
    /// <param name="scoreColumnName">The column that it scores in: a Single.</param>
    /// <param name="promptColumnName">The name under which it is given the prompt.</param>
    /// <param name="completionColumnName">The name under which it is given the completion.</param>
    /// <param name="textColumnName">The name under which it is given both as one text.</param>
    /// <exception cref="ArgumentException">The model reads other columns, or gives no such score; names are empty or equal.</exception>
    public TransformerReward(
        MLContext context,
        ITransformer model,
        string scoreColumnName = "Score",
        string promptColumnName = "Prompt",
        string completionColumnName = "Completion",
        string textColumnName = "Text")
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        string[] names = [promptColumnName, completionColumnName, textColumnName];
        foreach (string name in names)
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (names.Distinct().Count() < names.Length)
            throw new ArgumentException($"The prompt, the completion and both as one text need names of their own, not {string.Join(", ", names)}.");
        (_context, _model, _scoreColumnName) = (context, model, scoreColumnName);
        _schema = SchemaDefinition.Create(typeof(Row));
        _schema[nameof(Row.Prompt)].ColumnName = promptColumnName;
        _schema[nameof(Row.Completion)].ColumnName = completionColumnName;
        _schema[nameof(Row.Text)].ColumnName = textColumnName;
        ScoreColumn(model.GetOutputSchema(Rows([]).Schema));
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<PromptCompletion> completions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(completions);
        IDataView scored = _model.Transform(Rows(completions));
        DataViewSchema.Column column = ScoreColumn(scored.Schema);
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        ValueGetter<float> getter = cursor.GetGetter<float>(column);
        var scores = new List<double>(completions.Count);
        float score = 0;
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            getter(ref score);
            scores.Add(score);
        }
        return scores;
    }

    private IDataView Rows(IReadOnlyList<PromptCompletion> completions) => _context.Data.LoadFromEnumerable(
        completions.Select(row => new Row { Prompt = row.Prompt, Completion = row.Completion, Text = row.Prompt + row.Completion }).ToArray(), _schema);

    private DataViewSchema.Column ScoreColumn(DataViewSchema schema)
    {
        DataViewSchema.Column column = EvaluatedColumns.Find(schema, _scoreColumnName, "score");
        return column.Type == NumberDataViewType.Single
            ? column
            : throw EvaluatedColumns.WrongType(column, "score", "a Single", "name a column with one number for each row");
    }

    private sealed class Row
    {
        public string Prompt { get; set; } = "";

        public string Completion { get; set; } = "";

        public string Text { get; set; } = "";
    }
}
