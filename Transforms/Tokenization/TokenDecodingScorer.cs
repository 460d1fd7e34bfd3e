using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tokenization;

/// <summary>Decodes a block of token rows.</summary>
internal sealed class TokenDecodingScorer(TextTokenizer tokenizer, TokenizationState state, DataViewSchema schema, Func<bool> isDisposed)
    : BlockScorer(schema, [BatchColumn.Tokens(state.InputColumnName)], [new(state.OutputColumnName, TextDataViewType.Instance)])
{
    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        ObjectDisposedException.ThrowIf(isDisposed(), typeof(TokenDecodingTransformer));
        TokenRows tokens = batch.Tokens(state.InputColumnName);
        using Tensor narrow = tokens.Ids.to(ScalarType.Int32);
        ReadOnlySpan<int> ids = narrow.data<int>().ToArray();
        long[] lengths = tokens.Lengths.data<long>().ToArray();
        int width = (int)tokens.Ids.shape[1];
        var texts = new ReadOnlyMemory<char>[lengths.Length];
        for (int row = 0; row < texts.Length; row++)
            texts[row] = tokenizer.Decode(ids.Slice(row * width, (int)lengths[row])).AsMemory();
        return [ScoredColumn.Texts(texts)];
    }
}
