using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Sequences;
using static MLNetExt.Evaluation.TokenColumns;

namespace MLNetExt.Evaluation;

/// <summary>Hands the rows of a data view to an encoder, in one pass, and adds up what it says.</summary>
internal sealed class MaskedOfDataView
{
    private readonly IMaskedTokenScorer _model;
    private readonly IDataView _data;
    private readonly MaskedEvaluationOptions _options;
    private readonly DataViewSchema.Column _inputs;
    private readonly DataViewSchema.Column _labels;
    private readonly DataViewSchema.Column? _kept;
    private readonly DataViewSchema.Column? _types;
    private readonly DriftSum? _drift;
    private int _rows;
    private int _empty;
    private long _tokens;
    private double _loss;
    private double _droppedLoss;

    private MaskedOfDataView(IMaskedTokenScorer model, IDataView data, MaskedEvaluationOptions options)
    {
        (_model, _data, _options) = (model, data, options);
        _inputs = Find(data.Schema, options.InputColumnName, "input", "make it with Text.MaskTokens");
        _labels = Find(data.Schema, options.LabelColumnName, "label", "make it with Text.MaskTokens");
        _kept = options.KeptColumnName is { } kept ? Find(data.Schema, kept, "kept", "make it with Text.TokenDropping of the input column") : null;
        _types = options.TokenTypesColumnName is { } types ? Find(data.Schema, types, "token type", "make it with Text.TokenizeWordPieces of two texts") : null;
        if (_types is null && model.ReadsTypes)
            throw new ArgumentException($"The model was trained with the kinds of tokens: set {nameof(MaskedEvaluationOptions.TokenTypesColumnName)}.");
        if (model.TokenizerFingerprint is { } tokenizer)
            TokenAnnotations.RequireSame(_inputs, tokenizer);
        _drift = _kept is null ? null : new DriftSum(model.Width);
    }

    public static MaskedMetrics Evaluate(IMaskedTokenScorer model, IDataView data, MaskedEvaluationOptions options)
    {
        options.Validate();
        return new MaskedOfDataView(model, data, options).Evaluate();
    }

    private MaskedMetrics Evaluate()
    {
        var meter = new ProgressMeter(_options.Progress, EvaluationStage.Masked, _data);
        foreach (MaskedSequence[] batch in Rows(meter).Chunk(_options.BatchSize))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            Add(batch);
            meter.Add(batch.Length, batch.Sum(row => row.Inputs.Length));
        }

        if (_tokens == 0)
            throw new InvalidOperationException($"Column '{_labels.Name}' has no label in {_empty} rows: there is nothing to predict.");
        return new MaskedMetrics
        {
            Loss = _loss / _tokens,
            DroppedLoss = _kept is null ? null : _droppedLoss / _tokens,
            Drift = _drift?.Drift,
            TokenCount = _tokens,
            RowCount = _rows,
            EmptyRows = _empty,
        };
    }

    private void Add(MaskedSequence[] rows)
    {
        MaskedTokenScores[] full = Score([.. rows.Select(row => row with { Kept = null })]);
        _loss += Loss(full, rows);
        _rows += rows.Length;
        _tokens += rows.Sum(row => (long)row.Targets.Count(target => target >= 0));
        if (_drift is null)
            return;
        MaskedTokenScores[] dropped = Score(rows);
        _droppedLoss += Loss(dropped, rows);
        for (int i = 0; i < rows.Length; i++)
            _drift.Add(full[i].Vectors, dropped[i].Vectors);
    }

    /// <exception cref="InvalidOperationException">The model gave scores of another number of rows.</exception>
    private MaskedTokenScores[] Score(MaskedSequence[] rows)
    {
        IReadOnlyList<MaskedTokenScores> scores = _model.Score(rows, withVectors: _drift is not null);
        return scores.Count == rows.Length ? [.. scores] : throw new InvalidOperationException($"The model gave scores of {scores.Count} rows for {rows.Length}.");
    }

    /// <exception cref="InvalidOperationException">The model gave values that are no log-probabilities, or not as many as it should.</exception>
    private static double Loss(MaskedTokenScores[] scores, MaskedSequence[] rows)
    {
        double loss = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int count = rows[i].Targets.Count(target => target >= 0);
            if (scores[i].LogProbabilities.Length != count)
                throw new InvalidOperationException($"The model gave {scores[i].LogProbabilities.Length} log-probabilities for the {count} masked tokens of a row.");
            foreach (float logProbability in scores[i].LogProbabilities)
                loss -= ModelCalls.IsLogProbability(logProbability) ? logProbability : throw new InvalidOperationException(
                    $"The model gave {logProbability} as the log-probability of a token: its weights or activations hold NaN or infinity, or it gives no log-probabilities.");
        }

        return loss;
    }

    private IEnumerable<MaskedSequence> Rows(ProgressMeter meter)
    {
        DataViewSchema.Column[] columns = [_inputs, _labels, .. new[] { _kept, _types }.OfType<DataViewSchema.Column>()];
        using DataViewRowCursor cursor = _data.GetRowCursor(columns);
        Func<int[]> inputs = Values<int>(cursor, _inputs), labels = Values<int>(cursor, _labels);
        Func<int[]>? kept = _kept is { } places ? Values<int>(cursor, places) : null, types = _types is { } kinds ? Values<int>(cursor, kinds) : null;
        while (cursor.MoveNext())
        {
            int[] targets = labels();
            if (!targets.Any(target => target >= 0))
            {
                _empty++;
                meter.LeaveOut();
                continue;
            }

            // Only now: Text.TokenDropping refuses rows that this leaves out.
            var row = new MaskedSequence(inputs(), targets, kept?.Invoke(), types?.Invoke());
            Check(row, cursor.Position);
            yield return row;
        }
    }

    /// <exception cref="ArgumentException">The model cannot read the row.</exception>
    private void Check(MaskedSequence row, long position)
    {
        string owner = $"row {position} (0-based) of column '{_inputs.Name}'";
        RequireKnown(row.Inputs, _model.VocabularySize, owner);
        if (row.Inputs.Length > _model.ContextLength)
            throw new ArgumentException($"There are {row.Inputs.Length} tokens in {owner}, but the model reads {_model.ContextLength}: cut the texts.");
        if (row.Targets.Length != row.Inputs.Length)
            throw new ArgumentException($"Column '{_labels.Name}' has {row.Targets.Length} labels for the {row.Inputs.Length} tokens of {owner}: make both with one Text.MaskTokens.");
        if (row.Targets.Max() >= _model.VocabularySize)
            throw new ArgumentException($"Column '{_labels.Name}' holds {row.Targets.Max()} for {owner}, and the model knows the ids 0 to {_model.VocabularySize - 1}.");
        if (row.Types is { } types && types.Length != row.Inputs.Length)
            throw new ArgumentException($"Column '{_types!.Value.Name}' has {types.Length} kinds for the {row.Inputs.Length} tokens of {owner}: make both with one tokenizer, and cut both together.");
        if (row.Kept is { } kept && (kept.Length == 0 || kept.Min() < 0 || kept.Max() >= row.Inputs.Length || kept.Distinct().Count() != kept.Length))
            throw new ArgumentException($"Column '{_kept!.Value.Name}' must hold one or more places of {owner}, each once: make it with Text.TokenDropping of that column.");
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string name, string kind, string remedy)
    {
        DataViewSchema.Column column = EvaluatedColumns.Find(schema, name, kind);
        return IsVectorOf(column, NumberDataViewType.Int32) ? column : throw EvaluatedColumns.WrongType(column, kind, "a vector of Int32", remedy);
    }
}
