namespace MLNetExt.Preference;

/// <summary>The names under which training reads a completion, as <see cref="PreferenceSequences"/> makes it.</summary>
/// <param name="Tokens">Prompt and completion: a vector of Int32.</param>
/// <param name="PromptLength">How many of them are the prompt's.</param>
/// <param name="IsCut">1 when tokens of the completion were cut off, otherwise 0.</param>
/// <param name="Reference">The sum of the completion's log-probabilities under the reference model.</param>
internal sealed record PreferenceSide(string Tokens, string PromptLength, string IsCut, string Reference)
{
    /// <summary>No names that data have.</summary>
    public static PreferenceSide Of(string completionColumn) =>
        new($"{completionColumn} (sequence)", $"{completionColumn} (prompt length)", $"{completionColumn} (cut)", $"{completionColumn} (reference)");
}
