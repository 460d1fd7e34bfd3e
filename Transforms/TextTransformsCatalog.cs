using MLNetExt.Components;
using MLNetExt.Tokenization;
using static Microsoft.ML.TransformsCatalog;

namespace Microsoft.ML;

/// <summary>The text transforms of MLNetExt in ML.NET's catalog <c>mlContext.Transforms.Text</c>.</summary>
public static class TextTransformsCatalog
{
    extension(TextTransforms transforms)
    {
        /// <summary>Makes token ids of text by byte-level byte-pair encoding, with a vocabulary learned from the text.</summary>
        /// <param name="outputColumnName">The token column to add: a vector of Int32 of variable size.</param>
        /// <param name="inputColumnName">The text column to read; null for the output's name.</param>
        /// <param name="vocabularySize">How many tokens there are at most, the 256 bytes and five special ones among them.</param>
        /// <param name="addBos">Whether a <c>bos</c> token is set before every text.</param>
        /// <param name="addEos">Whether an <c>eos</c> token is set after every text.</param>
        /// <param name="maxTokens">The most tokens of a text; null for no limit.</param>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// var model = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 4096).Fit(data);
        /// int[] ids = model.Encode("a text");
        /// </code></example>
        public BytePairEstimator TokenizeBytePairs(
            string outputColumnName, string? inputColumnName = null, int vocabularySize = 8192, bool addBos = false, bool addEos = false, int? maxTokens = null) =>
            transforms.TokenizeBytePairs(new BytePairOptions
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                VocabularySize = vocabularySize,
                AddBos = addBos,
                AddEos = addEos,
                MaxTokens = maxTokens,
            });

        /// <summary>Makes token ids of text by byte-level byte-pair encoding, with a vocabulary that is learned or given in files.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public BytePairEstimator TokenizeBytePairs(BytePairOptions options) => new(transforms.GetEnvironment(), options);

        /// <summary>Makes token ids of text by WordPiece, as BERT does, with a vocabulary learned from the text.</summary>
        /// <param name="outputColumnName">The token column to add: a vector of Int32 of variable size.</param>
        /// <param name="inputColumnName">The text column to read; null for the output's name.</param>
        /// <param name="vocabularySize">How many tokens there are at most, the characters of the texts and five special ones among them.</param>
        /// <param name="lowercase">Whether text is put in lower case, without accents.</param>
        /// <param name="maxTokens">The most tokens of a text, <c>cls</c> and <c>sep</c> among them; null for no limit.</param>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// var model = ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", maxTokens: 128).Fit(data);
        /// int[] ids = model.Encode("a text");
        /// </code></example>
        public WordPieceEstimator TokenizeWordPieces(
            string outputColumnName, string? inputColumnName = null, int vocabularySize = 8192, bool lowercase = true, int? maxTokens = null) =>
            transforms.TokenizeWordPieces(new WordPieceOptions
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                VocabularySize = vocabularySize,
                Lowercase = lowercase,
                MaxTokens = maxTokens,
            });

        /// <summary>Makes token ids of text by a WordPiece tokenizer that is there already, such as that of a loaded encoder. Nothing is learned.</summary>
        /// <param name="outputColumnName">The token column to add: a vector of Int32 of variable size.</param>
        /// <param name="inputColumnName">The text column to read; null for the output's name.</param>
        /// <param name="tokenizer">The tokenizer: a <see cref="WordPieceTokenizer"/>.</param>
        /// <param name="maxTokens">The most tokens of a text, <c>cls</c> and <c>sep</c> among them; null for what the tokenizer says.</param>
        /// <exception cref="ArgumentNullException">There is no tokenizer, as of a model that came without one.</exception>
        /// <exception cref="ArgumentException">It is of another kind, or, in Fit, <paramref name="maxTokens"/> leaves no room for a text.</exception>
        /// <example><code>
        /// var encoder = ml.LanguageModeling.LoadHuggingFaceEncoder("bert-base-uncased");
        /// var tokenize = ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", encoder.Tokenizer, maxTokens: 128);
        /// </code></example>
        public WordPieceEstimator TokenizeWordPieces(string outputColumnName, string? inputColumnName, TextTokenizer? tokenizer, int? maxTokens = null) =>
            transforms.TokenizeWordPieces(new WordPieceOptions
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                MaxTokens = maxTokens,
                Tokenizer = tokenizer switch
                {
                    WordPieceTokenizer pieces => pieces,
                    null => throw new ArgumentNullException(nameof(tokenizer), "There is no tokenizer: the model came without one that can be read, of which its loading warned in the log."),
                    _ => throw new ArgumentException("The tokenizer is of byte pairs: give it to TokenizeBytePairs as BytePairOptions.Tokenizer.", nameof(tokenizer)),
                },
            });

        /// <summary>Makes token ids of text, or of pairs of texts, by WordPiece, as BERT does, with a vocabulary that is learned or given in a file.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public WordPieceEstimator TokenizeWordPieces(WordPieceOptions options) => new(transforms.GetEnvironment(), options);

        /// <summary>Makes text of a token column again, by the tokenizer in the column's annotations.</summary>
        /// <param name="outputColumnName">The text column to add.</param>
        /// <param name="inputColumnName">The token column to read; null for the output's name.</param>
        public TokenDecodingEstimator DecodeTokens(string outputColumnName, string? inputColumnName = null)
        {
            ArgumentNullException.ThrowIfNull(transforms);
            return new TokenDecodingEstimator(outputColumnName, inputColumnName);
        }
    }
}
