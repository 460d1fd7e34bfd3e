using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tokenization;

/// <summary>Encodes a block of texts.</summary>
internal sealed class BytePairScorer(BytePairTokenizer tokenizer, TokenizationState state, DataViewSchema schema, Func<bool> isDisposed)
    : BlockScorer(schema, [BatchColumn.Text(state.InputColumnName)], [new(state.OutputColumnName, new VectorDataViewType(NumberDataViewType.Int32), Annotations(tokenizer))])
{
    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        ObjectDisposedException.ThrowIf(isDisposed(), typeof(BytePairTransformer));
        return [ScoredColumn.Tokens([.. batch.Text(state.InputColumnName).Select(tokenizer.Encode)])];
    }

    private static DataViewSchema.Annotations Annotations(BytePairTokenizer tokenizer)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        tokenizer.ColumnInfo.AddTo(annotations);
        return annotations.ToAnnotations();
    }
}
