using MLNetExt.Components;
using MLNetExt.Preference;

namespace Microsoft.ML;

/// <summary>Training in rounds, in <c>mlContext.Preference</c>.</summary>
public static class PreferenceIterationCatalog
{
    extension(PreferenceCatalog catalog)
    {
        /// <summary>Trains a language model in rounds: it writes completions, a reward scores them, and it learns to prefer the best to the worst of each prompt.</summary>
        /// <remarks>Iterative Cringe and iterative DPO (arXiv 2312.16682). When the data has pairs, the model is trained on them first. With
        /// <see cref="IterativePreferenceOptions.Folder"/> nothing that was computed is lost: a stopped run resumes at the prompt or the step it had reached.</remarks>
        /// <param name="data">The prompts, text, in the trainer's prompt column; and perhaps pairs of text in its columns of completions.</param>
        /// <param name="options">The trainer, the reward, and how many rounds.</param>
        /// <returns>The last model, and what happened in each round; the caller disposes it.</returns>
        /// <exception cref="ArgumentException">A column is missing or is no text, an option cannot be used, or the folder is not empty and nothing is to be resumed; the message names it.</exception>
        /// <exception cref="InvalidOperationException">A reward is not finite, and the message names the prompt's row; or the folder holds another run, and it names what differs.</exception>
        /// <exception cref="InvalidDataException">A file of the run in the folder is damaged; the message names it.</exception>
        /// <exception cref="DirectoryNotFoundException">The model of a round in the folder is gone; the message names it.</exception>
        /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
        /// <example><code>
        /// using var result = ml.Preference.Iterate(prompts, new IterativePreferenceOptions
        /// {
        ///     Trainer = new PairwiseCringeOptions { Model = model },
        ///     Reward = new DelegateReward((prompt, completion) => -completion.Length),
        ///     Folder = "rounds",
        ///     Resume = true,
        /// });
        /// </code></example>
        public IterativePreferenceResult Iterate(IDataView data, IterativePreferenceOptions options)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(data);
            ArgumentNullException.ThrowIfNull(options);
            var host = new ComponentHost(catalog.GetEnvironment(), nameof(Iterate));
            return new IterativePreference(host, options, data).Run();
        }
    }
}
