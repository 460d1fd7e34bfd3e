namespace MLNetExt.Cli.Data;

/// <summary>A prompt with a chosen and a rejected completion, or with a completion and its label.</summary>
internal sealed class PreferenceRecord
{
    /// <summary>The prompt; empty when the completions begin with it.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>The chosen completion, or the single one.</summary>
    public string Completion { get; set; } = "";

    /// <summary>The rejected completion; empty for a single one.</summary>
    public string Rejected { get; set; } = "";

    /// <summary>Whether a single completion is desired.</summary>
    public bool IsDesired { get; set; }
}
