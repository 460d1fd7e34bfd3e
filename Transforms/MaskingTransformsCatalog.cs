using MLNetExt.Components;
using MLNetExt.Masking;
using static Microsoft.ML.TransformsCatalog;

namespace Microsoft.ML;

/// <summary>What a masked language model reads and predicts, in ML.NET's catalog <c>mlContext.Transforms.Text</c>.</summary>
public static class MaskingTransformsCatalog
{
    extension(TextTransforms transforms)
    {
        /// <summary>Adds BERT's corruption of a token column: some tokens are masked, replaced or kept, and are to be predicted.</summary>
        /// <param name="outputColumnName">The tokens to add that a model reads, with the annotations of the column that is read.</param>
        /// <param name="labelColumnName">The labels to add: the token itself where it is predicted, -100 elsewhere.</param>
        /// <param name="inputColumnName">The token column to read.</param>
        /// <param name="rate">The share of tokens that is predicted, special ones not counted; in (0, 1].</param>
        /// <param name="wholeWords">Whether the pieces of a word are predicted together; the column's tokenizer must mark them, as WordPiece does.</param>
        /// <param name="epoch">Another epoch is another corruption.</param>
        /// <exception cref="ArgumentException">A value cannot be used; the message names it.</exception>
        /// <example><code>
        /// var corrupted = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text")
        ///     .Append(ml.Transforms.Text.MaskTokens("MaskedTokens", "MaskLabels", "Tokens"));
        /// </code></example>
        public MaskTokensEstimator MaskTokens(
            string outputColumnName, string labelColumnName, string inputColumnName, double rate = 0.15, bool wholeWords = false, long epoch = 0) =>
            transforms.MaskTokens(new MaskTokensOptions
            {
                OutputColumnName = outputColumnName,
                LabelColumnName = labelColumnName,
                InputColumnName = inputColumnName,
                Rate = rate,
                WholeWords = wholeWords,
                Epoch = epoch,
            });

        /// <summary>Adds BERT's corruption of a token column.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public MaskTokensEstimator MaskTokens(MaskTokensOptions options)
        {
            ArgumentNullException.ThrowIfNull(transforms);
            return new MaskTokensEstimator(options);
        }

        /// <summary>Adds which tokens of a column are kept, and which are dropped in the middle layers of an encoder.</summary>
        /// <param name="outputColumnName">The places to add of the tokens that are kept: a vector of Int32.</param>
        /// <param name="maskColumnName">The mask to add: a vector of Single as long as the tokens, 1 for a token that is kept.</param>
        /// <param name="inputColumnName">The token column to read.</param>
        /// <param name="keepRatio">The share of tokens that is kept, rounded up; in (0, 1].</param>
        /// <param name="scoring">By what tokens are kept; for a table use the options.</param>
        /// <exception cref="ArgumentException">A value cannot be used; the message names it.</exception>
        /// <example><code>
        /// var dropping = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text")
        ///     .Append(ml.Transforms.Text.TokenDropping("KeepPositions", "KeepMask", "Tokens"));
        /// </code></example>
        public TokenDroppingEstimator TokenDropping(
            string outputColumnName, string maskColumnName, string inputColumnName, double keepRatio = 0.5, DropScoring scoring = DropScoring.Frequency) =>
            transforms.TokenDropping(new TokenDroppingOptions
            {
                OutputColumnName = outputColumnName,
                MaskColumnName = maskColumnName,
                InputColumnName = inputColumnName,
                KeepRatio = keepRatio,
                Scoring = scoring,
            });

        /// <summary>Adds which tokens of a column are kept, and which are dropped.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public TokenDroppingEstimator TokenDropping(TokenDroppingOptions options) => new(transforms.GetEnvironment(), options);
    }
}
