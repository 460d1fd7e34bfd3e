using Microsoft.ML.Runtime;

namespace MLNetExt.Preference;

/// <summary>Trains a language model on pairs of completions with the pairwise Cringe loss (Xu et al., "Some things are more CRINGE than others", arXiv 2312.16682).</summary>
/// <remarks>
/// <para>Input: a prompt, a chosen and a rejected completion a row, as text or as tokens of the model's tokenizer. Output: a <see cref="PreferenceTransformer"/>.</para>
/// <para>No reference model. The margins at the start are logged: <see cref="PairwiseCringeOptions.Offset"/> and
/// <see cref="PairwiseCringeOptions.Temperature"/> are to be seen against them. See docs/preference.md for the loss and what was measured.</para>
/// </remarks>
public sealed class PairwiseCringeTrainer : PreferenceTrainer<PairwiseCringeOptions>
{
    internal PairwiseCringeTrainer(IHostEnvironment environment, PairwiseCringeOptions options)
        : base(environment, options, nameof(PairwiseCringeTrainer))
    {
    }
}
