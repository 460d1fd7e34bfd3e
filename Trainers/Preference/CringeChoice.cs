using MLNetExt.LanguageModeling;
using MLNetExt.Objectives;

namespace MLNetExt.Preference;

/// <summary>The contrast of the Cringe losses, from the options.</summary>
internal static class CringeChoice
{
    /// <summary>No special token is ever made likelier, but for those that end a text; nor is one of those by which published networks are padded.</summary>
    public static CringeContrast Contrast(PreferenceTrainerOptions options, int candidates, bool detachPositives) =>
        new(candidates, detachPositives) { ExcludedTokens = Excluded(options.Model!.Model.State) };

    private static int[] Excluded(CausalState model)
    {
        if (model.Tokens is not { } tokens)
            return [];
        IEnumerable<int> padding = Enumerable.Range(tokens.VocabularySize, model.Network.VocabularySize - tokens.VocabularySize);
        return [.. tokens.SpecialTokens.Values.Concat(padding).Except(model.EndIds)];
    }
}
