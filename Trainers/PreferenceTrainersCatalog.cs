using MLNetExt.Preference;

namespace Microsoft.ML;

/// <summary>Trainers on preferences in <c>mlContext.Preference.Trainers</c>.</summary>
public static class PreferenceTrainersCatalog
{
    extension(PreferenceTrainers trainers)
    {
        /// <summary>A score that is higher for what is preferred, learned from pairs: a Bradley-Terry reward model.</summary>
        /// <param name="chosenColumnName">What is preferred: a vector of Single, tokens, text, or images of known size.</param>
        /// <param name="rejectedColumnName">What it is preferred to: as the chosen side, and made by the same featurizer or tokenizer.</param>
        /// <param name="inputColumnName">What the transformer scores where the data have it.</param>
        /// <param name="epochs">How many times every pair is seen.</param>
        /// <param name="batchSize">Pairs per batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// var model = ml.Preference.Trainers.RewardModel("Chosen", "Rejected", "Text").Fit(pairs);
        /// IDataView scored = model.Transform(texts);    // with a column Score
        /// </code></example>
        public RewardModelTrainer RewardModel(
            string chosenColumnName = "Chosen",
            string rejectedColumnName = "Rejected",
            string inputColumnName = "Features",
            int epochs = 20,
            int batchSize = 64,
            double learningRate = 3e-3)
        {
            var options = new RewardModelOptions
            {
                ChosenColumnName = chosenColumnName,
                RejectedColumnName = rejectedColumnName,
                InputColumnName = inputColumnName,
                BatchSize = batchSize,
            };
            options.Training.Epochs = epochs;
            options.Training.LearningRate = learningRate;
            return trainers.RewardModel(options);
        }

        /// <summary>A score that is higher for what is preferred, learned from pairs: a Bradley-Terry reward model.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public RewardModelTrainer RewardModel(RewardModelOptions options) => new(trainers.GetEnvironment(), options);
    }
}
