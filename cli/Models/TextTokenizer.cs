using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>Makes the transformer from a text column to its token column.</summary>
internal static class TextTokenizer
{
    /// <summary>Learns a vocabulary. A document's tokens begin with <c>bos</c> and end with <c>eos</c>, so that a model learns how documents begin and end.</summary>
    public static BytePairTransformer Learn(MLContext ml, IDataView rows, string textColumn, int vocabulary, CancellationToken cancellation) =>
        ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions
        {
            InputColumnName = textColumn,
            OutputColumnName = DocumentView.TokensOf(textColumn),
            VocabularySize = vocabulary,
            AddBos = true,
            AddEos = true,
            CancellationToken = cancellation,
        }).Fit(rows);

    /// <summary>Takes a tokenizer that there is.</summary>
    public static BytePairTransformer Of(MLContext ml, BytePairTokenizer tokenizer, IDataView rows, string textColumn) =>
        ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions
        {
            InputColumnName = textColumn,
            OutputColumnName = DocumentView.TokensOf(textColumn),
            Tokenizer = tokenizer,
        }).Fit(rows);
}
