using Microsoft.ML.Runtime;

namespace MLNetExt.Preference;

/// <summary>Trains a language model on completions that are good or bad with the Cringe loss (Adolphs et al., "The CRINGE Loss", ACL 2023, arXiv 2211.05826).</summary>
/// <remarks>Input: a prompt with a completion and its label a row, or a prompt with a chosen and a rejected completion. Output: a <see cref="PreferenceTransformer"/>.</remarks>
public sealed class BinaryCringeTrainer : PreferenceTrainer<BinaryCringeOptions>
{
    internal BinaryCringeTrainer(IHostEnvironment environment, BinaryCringeOptions options)
        : base(environment, options, nameof(BinaryCringeTrainer))
    {
    }
}
