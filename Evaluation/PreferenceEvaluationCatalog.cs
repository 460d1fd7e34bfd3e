using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace Microsoft.ML;

/// <summary>MLNetExt's evaluators on <see cref="PreferenceCatalog"/>.</summary>
public static class PreferenceEvaluationCatalog
{
    extension(PreferenceCatalog catalog)
    {
        /// <summary>Measures whether a model finds the completions that are preferred likelier than the others.</summary>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="data">The pairs, one a row.</param>
        /// <param name="promptColumnName">The prompts: a vector of Int32, or text. Null when each completion has its prompt at its beginning.</param>
        /// <param name="chosenColumnName">The completions that are preferred.</param>
        /// <param name="rejectedColumnName">The completions that are not.</param>
        /// <param name="reference">The model that rewards and divergence are measured against, such as the one that training began with. Null for none.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing or has the wrong type, or an id is outside the vocabulary; the message
        /// names it, and the row (0-based).</exception>
        /// <exception cref="InvalidOperationException">There is no pair to score; or a model gave NaN, or not what was asked for.</exception>
        public PreferenceMetrics Evaluate(
            ISequenceScorer model,
            IDataView data,
            string? promptColumnName = "Prompt",
            string chosenColumnName = "Chosen",
            string rejectedColumnName = "Rejected",
            ISequenceScorer? reference = null) => catalog.Evaluate(model, data, new PreferenceEvaluationOptions
            {
                PromptColumnName = promptColumnName,
                ChosenColumnName = chosenColumnName,
                RejectedColumnName = rejectedColumnName,
                Reference = reference,
            });

        /// <summary>Measures whether a model finds the completions that are preferred likelier than the others.</summary>
        /// <remarks>
        /// Log-probabilities are those of the completion's tokens given the prompt; the prompt's own do not count. Rows with an empty completion, or with two
        /// equal ones, are left out and counted. The data are read once. With <see cref="PreferenceEvaluationOptions.Reference"/> implicit rewards
        /// are measured, and, for a model that generates, its divergence from the reference on continuations of its own. See docs/preference-evaluation.md.
        /// </remarks>
        /// <param name="model">The model, a trained transformer for example.</param>
        /// <param name="data">The pairs, one a row.</param>
        /// <param name="options">How to measure.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing or has the wrong type, an id is outside the vocabulary, or a pair is too
        /// long and must not be cut; the message names it, and the row (0-based).</exception>
        /// <exception cref="InvalidOperationException">There is no pair to score; or a model gave NaN, or not what was asked for.</exception>
        /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
        public PreferenceMetrics Evaluate(ISequenceScorer model, IDataView data, PreferenceEvaluationOptions options)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(data);
            ArgumentNullException.ThrowIfNull(options);
            return PreferenceOfDataView.Evaluate(model, data, options);
        }

        /// <summary>Lets two models continue the same prompts, and a judge say how often A's continuation is better.</summary>
        /// <param name="modelA">Model A.</param>
        /// <param name="modelB">Model B.</param>
        /// <param name="prompts">The prompts, one a row.</param>
        /// <param name="judge">The judge: <see cref="RewardJudge"/>, <see cref="ChatJudge"/> or one of your own.</param>
        /// <param name="promptColumnName">The prompts: text, or a vector of Int32.</param>
        /// <param name="maxNewTokens">The most tokens of a continuation, at least 1; each is the most likely one.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing or has the wrong type, or an id is outside the vocabulary; the message
        /// names it, and the row (0-based).</exception>
        /// <exception cref="InvalidOperationException">There is no prompt to continue; a reward is NaN; no verdict could be read; or a model or the judge gave not what was asked for.</exception>
        public PreferenceComparison Compare(
            ITextGenerator modelA, ITextGenerator modelB, IDataView prompts, IPreferenceJudge judge, string promptColumnName = "Prompt", int maxNewTokens = 64) =>
            catalog.Compare(modelA, modelB, prompts, judge, new PreferenceComparisonOptions
            {
                PromptColumnName = promptColumnName,
                Generation = new GenerationOptions { MaxNewTokens = maxNewTokens },
            });

        /// <summary>Lets two models continue the same prompts, and a judge say how often A's continuation is better.</summary>
        /// <remarks>
        /// The judge is asked twice about each prompt, with either continuation first, and a prompt scores the mean of the two, ties half. Equal continuations are
        /// ties without asking. The data are read once. See docs/preference-evaluation.md.
        /// </remarks>
        /// <param name="modelA">Model A.</param>
        /// <param name="modelB">Model B.</param>
        /// <param name="prompts">The prompts, one a row.</param>
        /// <param name="judge">The judge: <see cref="RewardJudge"/>, <see cref="ChatJudge"/> or one of your own.</param>
        /// <param name="options">How to compare.</param>
        /// <exception cref="ArgumentException">An option cannot be used, a column is missing or has the wrong type, an id is outside the vocabulary, or a prompt is too
        /// long and must not be cut; the message names it, and the row (0-based).</exception>
        /// <exception cref="InvalidOperationException">There is no prompt to continue; a reward is NaN; no verdict could be read; or a model or the judge gave not what was asked for.</exception>
        /// <exception cref="OperationCanceledException">The comparison was cancelled.</exception>
        public PreferenceComparison Compare(
            ITextGenerator modelA, ITextGenerator modelB, IDataView prompts, IPreferenceJudge judge, PreferenceComparisonOptions options)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(modelA);
            ArgumentNullException.ThrowIfNull(modelB);
            ArgumentNullException.ThrowIfNull(prompts);
            ArgumentNullException.ThrowIfNull(judge);
            ArgumentNullException.ThrowIfNull(options);
            options.Validate();
            return new ComparisonRun(new ComparedModel(modelA, "A", options), new ComparedModel(modelB, "B", options), prompts, judge, options).Run(prompts);
        }

        /// <summary>Measures what generated texts are like: how much they repeat, how they differ from each other, how long they are, and how near to references.</summary>
        /// <param name="data">The texts, one a row.</param>
        /// <param name="textColumnName">The texts.</param>
        /// <param name="referenceColumnName">Texts to measure unigram F1 against. Null for none.</param>
        /// <param name="options">What to count; null for the defaults.</param>
        /// <exception cref="ArgumentException">An option cannot be used, or a column is missing or is not text.</exception>
        /// <exception cref="InvalidOperationException">The data have no rows.</exception>
        public TextStatistics EvaluateText(
            IDataView data, string textColumnName = "Completion", string? referenceColumnName = null, TextStatisticsOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(data);
            return TextOfDataView.Evaluate(data, textColumnName, referenceColumnName, options);
        }
    }
}
