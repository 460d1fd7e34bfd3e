using MLNetExt.Classification;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using static Microsoft.ML.MulticlassClassificationCatalog;

namespace Microsoft.ML;

/// <summary>The trainers of MLNetExt in ML.NET's catalogs.</summary>
public static class TrainersCatalog
{
    extension(MulticlassClassificationTrainers trainers)
    {
        /// <summary>A classifier trained with the squentropy loss (arXiv 2302.03952).</summary>
        /// <param name="labelColumnName">The label: a key column.</param>
        /// <param name="featureColumnName">The features: a vector of Single of known length, dense or sparse.</param>
        /// <param name="exampleWeightColumnName">What each row counts; null when all count 1.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <param name="hiddenLayers">The number of hidden layers; 0 for a linear network.</param>
        /// <param name="hiddenUnits">The width of each hidden layer.</param>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        ///     .Append(ml.MulticlassClassification.Trainers.Squentropy())
        ///     .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        /// </code></example>
        public SquentropyClassifier Squentropy(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string? exampleWeightColumnName = null,
            int epochs = 20,
            double learningRate = 3e-3,
            int hiddenLayers = 3,
            int hiddenUnits = 256)
        {
            var options = new SquentropyOptions
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                ExampleWeightColumnName = exampleWeightColumnName,
                HiddenLayers = hiddenLayers,
                HiddenUnits = hiddenUnits,
            };
            options.Training.Epochs = epochs;
            options.Training.LearningRate = learningRate;
            return trainers.Squentropy(options);
        }

        /// <summary>A classifier trained with the squentropy loss (arXiv 2302.03952).</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public SquentropyClassifier Squentropy(SquentropyOptions options) =>
            new(trainers.GetEnvironment(), options);

        /// <summary>A classifier of texts on a text encoder, one that was pre-trained (<c>LanguageModeling.Trainers.Masked</c>) or a new one.</summary>
        /// <param name="labelColumnName">The label: a key column.</param>
        /// <param name="tokensColumnName">The tokens of a row: a vector of Int32.</param>
        /// <param name="exampleWeightColumnName">What each row counts; null when all count 1.</param>
        /// <param name="pretrained">The encoder to go on from; null for a new one of the default size.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="batchSize">Rows per batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// MaskedLanguageModelTransformer encoder = ml.LanguageModeling.Trainers.Masked("Tokens").Fit(tokens);
        /// var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        ///     .Append(ml.MulticlassClassification.Trainers.TextEncoderClassifier(pretrained: encoder))
        ///     .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        /// </code></example>
        public TextEncoderClassifier TextEncoderClassifier(
            string labelColumnName = "Label",
            string tokensColumnName = "Tokens",
            string? exampleWeightColumnName = null,
            MaskedLanguageModelTransformer? pretrained = null,
            int epochs = 10,
            int batchSize = 32,
            double learningRate = 5e-4) => trainers.TextEncoderClassifier(new TextEncoderClassifierOptions
            {
                LabelColumnName = labelColumnName,
                TokensColumnName = tokensColumnName,
                ExampleWeightColumnName = exampleWeightColumnName,
                Pretrained = pretrained,
                Epochs = epochs,
                BatchSize = batchSize,
                LearningRate = learningRate,
            });

        /// <summary>A classifier of texts on a text encoder, one that was pre-trained or a new one.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public TextEncoderClassifier TextEncoderClassifier(TextEncoderClassifierOptions options) => new(trainers.GetEnvironment(), options);
    }
}
