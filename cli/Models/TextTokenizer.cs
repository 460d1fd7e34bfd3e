using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>Makes the transformer from a text column to its token column: byte pairs for models that write, word pieces for encoders.</summary>
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

    /// <summary>Learns a vocabulary of word pieces. A text's tokens stand between <c>cls</c> and <c>sep</c>.</summary>
    public static WordPieceTransformer LearnWordPieces(MLContext ml, IDataView rows, string textColumn, PieceVocabulary vocabulary, int maxTokens, CancellationToken cancellation) =>
        ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions
        {
            InputColumnName = textColumn,
            OutputColumnName = DocumentView.TokensOf(textColumn),
            VocabularySize = vocabulary.Size,
            MaxCharacters = vocabulary.MaxCharacters,
            Lowercase = vocabulary.Lowercase,
            MaxTokens = maxTokens,
            CancellationToken = cancellation,
        }).Fit(rows);

    /// <inheritdoc cref="Of(MLContext, BytePairTokenizer, IDataView, string)"/>
    public static WordPieceTransformer Of(MLContext ml, WordPieceTokenizer tokenizer, IDataView rows, string textColumn) =>
        ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions
        {
            InputColumnName = textColumn,
            OutputColumnName = DocumentView.TokensOf(textColumn),
            Tokenizer = tokenizer,
        }).Fit(rows);
}
