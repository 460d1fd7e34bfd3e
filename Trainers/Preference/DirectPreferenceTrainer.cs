using Microsoft.ML.Runtime;

namespace MLNetExt.Preference;

/// <summary>Trains a language model on preferences with DPO (Rafailov et al., arXiv 2305.18290) or another loss of <see cref="PreferenceLoss"/>.</summary>
/// <remarks>Input: a prompt, a chosen and a rejected completion a row; for some losses also a prompt with a completion and its label. Output: a <see cref="PreferenceTransformer"/>.</remarks>
public sealed class DirectPreferenceTrainer : PreferenceTrainer<DirectPreferenceOptions>
{
    internal DirectPreferenceTrainer(IHostEnvironment environment, DirectPreferenceOptions options)
        : base(environment, options, nameof(DirectPreferenceTrainer))
    {
    }
}
