using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.LanguageModeling;

/// <summary>Adds to each row of tokens how likely the model holds it.</summary>
internal sealed class CausalScorer : BlockScorer
{
    public const string NegativeLogLikelihood = nameof(NegativeLogLikelihood);
    public const string Perplexity = nameof(Perplexity);
    public const string TokenCount = nameof(TokenCount);

    private readonly CausalModel _model;
    private readonly string _tokens;

    public CausalScorer(CausalModel model, string tokensColumn, DataViewSchema inputSchema)
        : base(
            inputSchema,
            [BatchColumn.Tokens(tokensColumn)],
            [new(NegativeLogLikelihood, NumberDataViewType.Single), new(Perplexity, NumberDataViewType.Single), new(TokenCount, NumberDataViewType.Int32)])
    {
        (_model, _tokens) = (model, tokensColumn);
        if (model.State.Tokens is { } tokens)
            TokenAnnotations.RequireSame(inputSchema[tokensColumn], tokens.Fingerprint);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        TokenRows rows = batch.Tokens(_tokens);
        int[] counts = [.. rows.Lengths.data<long>().Select(length => (int)Math.Max(0, length - 1))];
        float[] losses = _model.NegativeLogLikelihoods(rows);
        float[] perplexities = [.. losses.Zip(counts, (loss, count) => MathF.Exp(loss / count))];
        return [ScoredColumn.Scalars(losses), ScoredColumn.Scalars(perplexities), ScoredColumn.Integers(counts)];
    }
}
