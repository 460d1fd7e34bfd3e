using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>Adds to each row what training reads of it: the tokens of each completion behind its prompt, and what the reference model says of them.</summary>
internal sealed class PreferenceSequences : BlockScorer
{
    private const int ColumnsOfSide = 4;

    private readonly PreferenceColumns _columns;
    private readonly PreferenceEncoder _encoder;
    private readonly CausalModel? _reference;

    /// <param name="inputSchema">The schema of the data.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="encoder">Makes sequences of them.</param>
    /// <param name="reference">The reference model; null when its log-probabilities are not wanted, which then are 0.</param>
    public PreferenceSequences(DataViewSchema inputSchema, PreferenceColumns columns, PreferenceEncoder encoder, CausalModel? reference)
        : base(inputSchema, [.. columns.Sequences.Select(c => PreferenceColumns.ToRead(inputSchema, c))], [.. columns.Completions.SelectMany(Added)])
    {
        (_columns, _encoder, _reference) = (columns, encoder, reference);
        encoder.RequireFit(columns, inputSchema);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        var outputs = new ScoredColumn?[active.Length];
        CompletionSequence[][] sides = _encoder.Encode(_columns, batch);
        for (int side = 0; side < sides.Length; side++)
        {
            CompletionSequence[] rows = sides[side];
            int at = side * ColumnsOfSide;
            outputs[at] = ScoredColumn.Tokens([.. rows.Select(r => r.Ids)]);
            outputs[at + 1] = ScoredColumn.Scalars([.. rows.Select(r => (float)r.PromptLength)]);
            outputs[at + 2] = ScoredColumn.Scalars([.. rows.Select(r => r.IsCut ? 1f : 0f)]);
            outputs[at + 3] = active[at + 3] ? ScoredColumn.Scalars(_reference is null ? new float[rows.Length] : CompletionScorer.Sums(_reference, rows)) : null;
        }

        return outputs;
    }

    private static IEnumerable<DataViewSchema.DetachedColumn> Added(string completion)
    {
        PreferenceSide side = PreferenceSide.Of(completion);
        return
        [
            new(side.Tokens, new VectorDataViewType(NumberDataViewType.Int32)),
            new(side.PromptLength, NumberDataViewType.Single),
            new(side.IsCut, NumberDataViewType.Single),
            new(side.Reference, NumberDataViewType.Single),
        ];
    }
}
