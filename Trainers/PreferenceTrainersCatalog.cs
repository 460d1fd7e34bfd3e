using MLNetExt.LanguageModeling;
using MLNetExt.Preference;

namespace Microsoft.ML;

/// <summary>Trainers on preferences in <c>mlContext.Preference.Trainers</c>.</summary>
public static class PreferenceTrainersCatalog
{
    extension(PreferenceTrainers trainers)
    {
        /// <summary>The pairwise Cringe loss (arXiv 2312.16682): a language model learns to write what was chosen rather than what was rejected.</summary>
        /// <param name="model">The language model to begin with; it is not changed.</param>
        /// <param name="promptColumnName">The prompts: text, or a vector of Int32; null when the completions begin with them.</param>
        /// <param name="chosenColumnName">The completions that are preferred.</param>
        /// <param name="rejectedColumnName">The completions that are not.</param>
        /// <param name="offset">b: the margin of log-probabilities at which the gate is half closed.</param>
        /// <param name="temperature">τ: how softly it closes; 0 for a hard margin.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="batchSize">Pairs per batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        /// <example><code>
        /// using var model = ml.LanguageModeling.LoadHuggingFace("model");
        /// using var better = ml.Preference.Trainers.PairwiseCringe(model).Fit(ml.Data.LoadFromEnumerable(pairs));
        /// string text = better.LanguageModel.GenerateText(["Once upon a time"])[0];
        /// </code></example>
        public PairwiseCringeTrainer PairwiseCringe(
            CausalLanguageModelTransformer model,
            string? promptColumnName = "Prompt",
            string chosenColumnName = "Chosen",
            string rejectedColumnName = "Rejected",
            double offset = -10,
            double temperature = 10,
            int epochs = 1,
            int batchSize = 8,
            double learningRate = 1e-4) => trainers.PairwiseCringe(new PairwiseCringeOptions
            {
                Model = model,
                PromptColumnName = promptColumnName,
                ChosenColumnName = chosenColumnName,
                RejectedColumnName = rejectedColumnName,
                Offset = offset,
                Temperature = temperature,
                Epochs = epochs,
                BatchSize = batchSize,
                LearningRate = learningRate,
            });

        /// <inheritdoc cref="PairwiseCringe(PreferenceTrainers, CausalLanguageModelTransformer, string?, string, string, double, double, int, int, double)" path="/summary"/>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public PairwiseCringeTrainer PairwiseCringe(PairwiseCringeOptions options) => new(trainers.GetEnvironment(), options);

        /// <summary>The Cringe loss (arXiv 2211.05826) on completions that are good or bad: good ones are learned, bad ones unlearned token by token.</summary>
        /// <param name="model">The language model to begin with; it is not changed.</param>
        /// <param name="promptColumnName">The prompts: text, or a vector of Int32; null when the completions begin with them.</param>
        /// <param name="completionColumnName">The completions.</param>
        /// <param name="labelColumnName">Whether a completion is good: Boolean.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="batchSize">Completions per batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        public BinaryCringeTrainer BinaryCringe(
            CausalLanguageModelTransformer model,
            string? promptColumnName = "Prompt",
            string completionColumnName = "Completion",
            string labelColumnName = "Label",
            int epochs = 1,
            int batchSize = 8,
            double learningRate = 1e-4) => trainers.BinaryCringe(new BinaryCringeOptions
            {
                Model = model,
                PromptColumnName = promptColumnName,
                CompletionColumnName = completionColumnName,
                LabelColumnName = labelColumnName,
                Epochs = epochs,
                BatchSize = batchSize,
                LearningRate = learningRate,
            });

        /// <summary>The Cringe loss (arXiv 2211.05826) on completions that are good or bad, or on pairs.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public BinaryCringeTrainer BinaryCringe(BinaryCringeOptions options) => new(trainers.GetEnvironment(), options);

        /// <summary>DPO (arXiv 2305.18290) or another of the usual losses of preferences.</summary>
        /// <param name="model">The language model to begin with, and the reference; it is not changed.</param>
        /// <param name="promptColumnName">The prompts: text, or a vector of Int32; null when the completions begin with them.</param>
        /// <param name="chosenColumnName">The completions that are preferred.</param>
        /// <param name="rejectedColumnName">The completions that are not.</param>
        /// <param name="loss">The loss.</param>
        /// <param name="beta">β, how strongly the model is held to the reference; above 0. Null for 0.1, and 2 for SimPO.</param>
        /// <param name="epochs">How many times every row is seen.</param>
        /// <param name="batchSize">Pairs per batch.</param>
        /// <param name="learningRate">The peak learning rate.</param>
        /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
        public DirectPreferenceTrainer DirectPreference(
            CausalLanguageModelTransformer model,
            string? promptColumnName = "Prompt",
            string chosenColumnName = "Chosen",
            string rejectedColumnName = "Rejected",
            PreferenceLoss loss = PreferenceLoss.Dpo,
            double? beta = null,
            int epochs = 1,
            int batchSize = 8,
            double learningRate = 1e-4) => trainers.DirectPreference(new DirectPreferenceOptions
            {
                Model = model,
                PromptColumnName = promptColumnName,
                ChosenColumnName = chosenColumnName,
                RejectedColumnName = rejectedColumnName,
                Loss = loss,
                Beta = beta ?? new DirectPreferenceOptions { Loss = loss }.Beta,
                Epochs = epochs,
                BatchSize = batchSize,
                LearningRate = learningRate,
            });

        /// <inheritdoc cref="DirectPreference(PreferenceTrainers, CausalLanguageModelTransformer, string?, string, string, PreferenceLoss, double?, int, int, double)" path="/summary"/>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public DirectPreferenceTrainer DirectPreference(DirectPreferenceOptions options) => new(trainers.GetEnvironment(), options);

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
