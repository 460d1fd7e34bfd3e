using Microsoft.ML.SearchSpace;
using MLNetExt.Masking;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.LanguageModeling;

/// <summary>Which tokens are predicted, and what is read in their place: see <see cref="MaskPolicy"/>. They are drawn anew for each batch.</summary>
public sealed class MaskingOptions
{
    /// <inheritdoc cref="MaskRule.Rate"/>
    [Range(0.1, 0.4, 0.15)]
    public double Rate { get; set; } = 0.15;

    /// <inheritdoc cref="MaskRule.MaskShare"/>
    public double MaskShare { get; set; } = 0.8;

    /// <inheritdoc cref="MaskRule.RandomShare"/>
    public double RandomShare { get; set; } = 0.1;

    /// <inheritdoc cref="MaskRule.WholeWords"/>
    public bool WholeWords { get; set; }

    internal MaskRule Rule(int seed) => new() { Rate = Rate, MaskShare = MaskShare, RandomShare = RandomShare, WholeWords = WholeWords, Seed = seed };

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal void Validate()
    {
        Require(Rate is > 0 and <= 1, Rate, "in (0, 1]");
        Require(MaskShare is >= 0 and <= 1, MaskShare, "in [0, 1]");
        Require(RandomShare >= 0 && MaskShare + RandomShare <= 1, RandomShare, "in [0, 1 - MaskShare]");
    }
}
