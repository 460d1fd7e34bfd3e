using MLNetExt.Classification;
using MLNetExt.Components;
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
    }
}
