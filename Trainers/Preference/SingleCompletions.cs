namespace MLNetExt.Preference;

/// <summary>Rows of a completion and its label, in the place of pairs.</summary>
internal static class SingleCompletions
{
    public static PreferenceColumns ColumnsOf(PreferenceTrainerOptions options, string? completion, string label) => completion is null
        ? new PreferenceColumns(options.PromptColumnName, [options.ChosenColumnName, options.RejectedColumnName], Label: null)
        : new PreferenceColumns(options.PromptColumnName, [completion], label);
}
