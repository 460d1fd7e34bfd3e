using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>Adds to each row how likely the model holds its completions; NaN where there is none.</summary>
internal sealed class PreferenceScorer : BlockScorer
{
    public const string ChosenLogProbability = nameof(ChosenLogProbability);
    public const string RejectedLogProbability = nameof(RejectedLogProbability);
    public const string Margin = nameof(Margin);
    public const string LogProbability = nameof(LogProbability);

    private readonly CausalModel _model;
    private readonly PreferenceColumns _columns;
    private readonly PreferenceEncoder _encoder;

    public PreferenceScorer(CausalModel model, PreferenceState state, DataViewSchema inputSchema)
        : base(inputSchema, [.. state.Columns.Sequences.Select(c => PreferenceColumns.ToRead(inputSchema, c))], [.. Names(state.Columns).Select(name => new DataViewSchema.DetachedColumn(name, NumberDataViewType.Single))])
    {
        (_model, _columns, _encoder) = (model, state.Columns, new PreferenceEncoder(model, state.Encoding));
        _encoder.RequireFit(_columns, inputSchema);
    }

    /// <summary>The columns that are added.</summary>
    public static IReadOnlyList<string> Names(PreferenceColumns columns) => columns.IsPaired ? [ChosenLogProbability, RejectedLogProbability, Margin] : [LogProbability];

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        float[][] sums = [.. _encoder.Encode(_columns, batch).Select(side => CompletionScorer.Sums(_model, side))];
        return _columns.IsPaired
            ? [ScoredColumn.Scalars(sums[0]), ScoredColumn.Scalars(sums[1]), ScoredColumn.Scalars([.. sums[0].Zip(sums[1], (chosen, rejected) => chosen - rejected)])]
            : [ScoredColumn.Scalars(sums[0])];
    }
}
