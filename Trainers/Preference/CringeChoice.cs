using MLNetExt.Objectives;

namespace MLNetExt.Preference;

/// <summary>The contrast of the Cringe losses, from the options.</summary>
internal static class CringeChoice
{
    private const string EndRole = "eos";

    /// <summary>No special token is ever made likelier, but for the end of a text.</summary>
    public static CringeContrast Contrast(PreferenceTrainerOptions options, int candidates, bool detachPositives) => new(candidates, detachPositives)
    {
        ExcludedTokens = [.. options.Model!.Model.State.Tokens?.SpecialTokens.Where(t => t.Key != EndRole).Select(t => t.Value).Distinct() ?? []],
    };
}
