using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tokenization;

/// <summary>Encodes a block of texts, or of pairs of them.</summary>
internal sealed class WordPieceScorer(WordPieceTokenizer tokenizer, WordPieceState state, DataViewSchema schema, Func<bool> isDisposed)
    : BlockScorer(schema, Columns(state), Added(state, tokenizer))
{
    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        ObjectDisposedException.ThrowIf(isDisposed(), typeof(WordPieceTransformer));
        IReadOnlyList<string> texts = batch.Text(state.InputColumnName);
        if (state.SecondInputColumnName is null)
            return [ScoredColumn.Tokens([.. texts.Select(tokenizer.Encode)])];
        (int[] Ids, int[] TokenTypes)[] pairs = [.. texts.Zip(batch.Text(state.SecondInputColumnName), tokenizer.EncodePair)];
        return [ScoredColumn.Tokens([.. pairs.Select(pair => pair.Ids)]), ScoredColumn.Tokens([.. pairs.Select(pair => pair.TokenTypes)])];
    }

    private static BatchColumn[] Columns(WordPieceState state) =>
        [.. new[] { state.InputColumnName, state.SecondInputColumnName }.OfType<string>().Distinct().Select(BatchColumn.Text)];

    private static DataViewSchema.DetachedColumn[] Added(WordPieceState state, WordPieceTokenizer tokenizer)
    {
        var type = new VectorDataViewType(NumberDataViewType.Int32);
        var annotations = new DataViewSchema.Annotations.Builder();
        tokenizer.ColumnInfo.AddTo(annotations);
        var tokens = new DataViewSchema.DetachedColumn(state.OutputColumnName, type, annotations.ToAnnotations());
        return state.TokenTypeColumnName is { } types ? [tokens, new(types, type)] : [tokens];
    }
}
