using MLNetExt.Contrastive;

namespace Microsoft.ML;

/// <summary>Contrastive trainers in <c>mlContext.Contrastive.Trainers</c>.</summary>
public static class ContrastiveTrainersCatalog
{
    extension(ContrastiveTrainers trainers)
    {
        /// <summary>Two towers trained with the sigmoid loss (SigLIP, arXiv 2303.15343).</summary>
        /// <param name="leftColumnName">The left side: a vector of Single, images of known size, tokens, or text.</param>
        /// <param name="rightColumnName">The right side: as the left.</param>
        /// <param name="embeddingSize">The length of the embeddings.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="batchSize">Rows per batch, each of which is contrasted with all others of its batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// var pipeline = ml.Transforms.LoadImages("Image", folder, "File")
        ///     .Append(ml.Transforms.ResizeImages("Image", 64, 64))
        ///     .Append(ml.Transforms.Text.TokenizeBytePairs("Tokens", "Caption"))
        ///     .Append(ml.Contrastive.Trainers.Sigmoid("Image", "Tokens"));
        /// </code></example>
        public SigmoidContrastiveTrainer Sigmoid(
            string leftColumnName = "Left",
            string rightColumnName = "Right",
            int embeddingSize = 128,
            int epochs = 20,
            int batchSize = 256,
            double learningRate = 3e-3)
        {
            var options = new SigmoidContrastiveOptions
            {
                LeftColumnName = leftColumnName,
                RightColumnName = rightColumnName,
                EmbeddingSize = embeddingSize,
                BatchSize = batchSize,
            };
            options.Training.Epochs = epochs;
            options.Training.LearningRate = learningRate;
            return trainers.Sigmoid(options);
        }

        /// <summary>Two towers trained with the sigmoid loss (SigLIP, arXiv 2303.15343).</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public SigmoidContrastiveTrainer Sigmoid(SigmoidContrastiveOptions options) => new(trainers.GetEnvironment(), options);
    }
}
