using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>What a model that was trained on preferences holds beside its weights.</summary>
/// <param name="Model">The language model.</param>
/// <param name="Columns">The columns that are scored.</param>
/// <param name="Encoding">How they become sequences.</param>
internal sealed record PreferenceState(CausalState Model, PreferenceColumns Columns, CompletionEncoding Encoding)
{
    /// <exception cref="InvalidDataException">A value is out of range.</exception>
    public void RequireSound()
    {
        Require(Model is not null, nameof(Model));
        Require(Columns is { Completions: { } completions } && completions.Count == (Columns.IsPaired ? 2 : 1) && Columns.Label != "" && Columns.Sequences.All(c => !string.IsNullOrEmpty(c)), nameof(Columns));
        Require(Model!.Network is not null, nameof(Model.Network));
        Require(Encoding is { MaxLength: >= 1, MaxPromptLength: >= 0 } && Enum.IsDefined(Encoding.Truncation) && Encoding.MaxLength <= Model.Network!.ContextLength, nameof(Encoding));
        Require(Encoding!.EndId is not { } end || (end >= 0 && end < Model.Network!.VocabularySize), nameof(Encoding.EndId));
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
            throw new InvalidDataException($"The model is damaged: its {member} cannot be.");
    }
}
