using MLNetExt.LanguageModeling;

namespace Microsoft.ML;

/// <summary>Trainers of language models in <c>mlContext.LanguageModeling.Trainers</c>.</summary>
public static class LanguageModelingTrainersCatalog
{
    extension(LanguageModelingTrainers trainers)
    {
        /// <summary>A decoder-only transformer that predicts each token from those before it; with a mask, by the goldfish loss (arXiv 2406.10209).</summary>
        /// <param name="tokensColumnName">The tokens of a row: a vector of Int32.</param>
        /// <param name="lossMaskColumnName">The loss mask: a vector of Single as long as the tokens; null to learn all.</param>
        /// <param name="contextLength">The most tokens that the model reads at once; a row may have one more.</param>
        /// <param name="width">The size of a token's vector; a multiple of 4, the number of heads.</param>
        /// <param name="layers">The number of blocks.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="batchSize">Rows per batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// var pipeline = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 2048)
        ///     .Append(ml.Transforms.Text.GoldfishMask("LossMask", "Tokens"))
        ///     .Append(ml.Transforms.Text.ChunkTokens("Tokens", length: 256, alignedColumnNames: ["LossMask"]))
        ///     .Append(ml.LanguageModeling.Trainers.Causal("Tokens", "LossMask", contextLength: 256));
        /// </code></example>
        public CausalLanguageModelTrainer Causal(
            string tokensColumnName = "Tokens",
            string? lossMaskColumnName = null,
            int contextLength = 256,
            int width = 256,
            int layers = 4,
            int epochs = 20,
            int batchSize = 16,
            double learningRate = 3e-3)
        {
            var options = new CausalLanguageModelOptions
            {
                TokensColumnName = tokensColumnName,
                LossMaskColumnName = lossMaskColumnName,
                BatchSize = batchSize,
                Network = { ContextLength = contextLength, Width = width, Layers = layers },
            };
            options.Training.Epochs = epochs;
            options.Training.LearningRate = learningRate;
            return trainers.Causal(options);
        }

        /// <summary>A decoder-only transformer that predicts each token from those before it; with a mask, by the goldfish loss (arXiv 2406.10209).</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public CausalLanguageModelTrainer Causal(CausalLanguageModelOptions options) => new(trainers.GetEnvironment(), options);

        /// <summary>A text encoder that learns to predict masked tokens (BERT, arXiv 1810.04805); with token dropping (arXiv 2203.13240) by options.</summary>
        /// <param name="tokensColumnName">The tokens of a row: a vector of Int32, of a tokenizer with a mask.</param>
        /// <param name="contextLength">The most tokens of a row.</param>
        /// <param name="width">The size of a token's vector; a multiple of 4, the number of heads.</param>
        /// <param name="layers">The number of blocks.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="batchSize">Rows per batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <param name="dropping">Whether the middle layers read all tokens while they are trained.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// var pipeline = ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", vocabularySize: 8192)
        ///     .Append(ml.LanguageModeling.Trainers.Masked("Tokens", dropping: TokenDroppingKind.TokenDropping));
        /// </code></example>
        public MaskedLanguageModelTrainer Masked(
            string tokensColumnName = "Tokens",
            int contextLength = 128,
            int width = 256,
            int layers = 4,
            int epochs = 20,
            int batchSize = 32,
            double learningRate = 1e-3,
            TokenDroppingKind dropping = TokenDroppingKind.None)
        {
            var options = new MaskedLanguageModelOptions
            {
                TokensColumnName = tokensColumnName,
                BatchSize = batchSize,
                Network = { ContextLength = contextLength, Width = width, Layers = layers },
                Dropping = { Kind = dropping },
            };
            (options.Epochs, options.LearningRate) = (epochs, learningRate);
            return trainers.Masked(options);
        }

        /// <summary>A text encoder that learns to predict masked tokens (BERT, arXiv 1810.04805).</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public MaskedLanguageModelTrainer Masked(MaskedLanguageModelOptions options) => new(trainers.GetEnvironment(), options);
    }
}
