using MLNetExt.Chunking;
using MLNetExt.Masking;
using static Microsoft.ML.TransformsCatalog;

namespace Microsoft.ML;

/// <summary>What makes training rows of tokens, in ML.NET's catalog <c>mlContext.Transforms.Text</c>.</summary>
public static class SequenceTransformsCatalog
{
    extension(TextTransforms transforms)
    {
        /// <summary>Adds a goldfish loss mask to a token column: one of <paramref name="k"/> tokens is not learned, and always the same one of a passage.</summary>
        /// <param name="outputColumnName">The mask to add: a vector of Single as long as the tokens, 1 for a token to learn and 0 for one that is dropped.</param>
        /// <param name="inputColumnName">The token column to read, a whole document a row.</param>
        /// <param name="k">One of this many tokens is dropped; at least 2.</param>
        /// <param name="h">The tokens of a window that is hashed; at least 1.</param>
        /// <param name="strategy">How tokens are chosen.</param>
        /// <param name="includeTarget">Whether the window ends with the token that is dropped, or before it.</param>
        /// <exception cref="ArgumentException">A value cannot be used; the message names it.</exception>
        /// <example><code>
        /// var rows = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", addEos: true)
        ///     .Append(ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", k: 4))
        ///     .Append(ml.Transforms.Text.ChunkTokens("Tokens", length: 256, alignedColumnNames: ["LossMask"]));
        /// </code></example>
        public GoldfishMaskEstimator GoldfishMask(
            string outputColumnName,
            string inputColumnName,
            int k = 4,
            int h = 13,
            GoldfishStrategy strategy = GoldfishStrategy.Hash,
            bool includeTarget = true) => transforms.GoldfishMask(new GoldfishMaskOptions
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                K = k,
                H = h,
                Strategy = strategy,
                IncludeTarget = includeTarget,
            });

        /// <summary>Adds a goldfish loss mask to a token column.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public GoldfishMaskEstimator GoldfishMask(GoldfishMaskOptions options)
        {
            ArgumentNullException.ThrowIfNull(transforms);
            return new GoldfishMaskEstimator(options);
        }

        /// <summary>Cuts documents of tokens into rows of at most <paramref name="length"/> + 1 ids, of which each begins with the last id of the one before: every
        /// token but a document's first is the target of exactly one row.</summary>
        /// <param name="outputColumnName">The token column of the rows.</param>
        /// <param name="inputColumnName">The token column to read, a document a row; null for the output's name.</param>
        /// <param name="length">The most targets of a row; at least 1.</param>
        /// <param name="packed">Whether documents are joined before they are cut, so that all rows but the last are full; otherwise a row is of one document.</param>
        /// <param name="alignedColumnNames">Columns to cut alike, such as masks: vectors as long as the tokens. They keep their names.</param>
        /// <exception cref="ArgumentException">A value cannot be used; the message names it.</exception>
        /// <remarks>The rows have these columns and <c>Document</c> alone. <see cref="ChunkTokensOptions"/> says what else there is.</remarks>
        public ChunkTokensEstimator ChunkTokens(
            string outputColumnName, string? inputColumnName = null, int length = 256, bool packed = false, string[]? alignedColumnNames = null) =>
            transforms.ChunkTokens(new ChunkTokensOptions
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                Length = length,
                Packed = packed,
                AlignedColumnNames = alignedColumnNames ?? [],
            });

        /// <summary>Cuts documents of tokens into rows of a limited length.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public ChunkTokensEstimator ChunkTokens(ChunkTokensOptions options)
        {
            ArgumentNullException.ThrowIfNull(transforms);
            return new ChunkTokensEstimator(options);
        }
    }
}
