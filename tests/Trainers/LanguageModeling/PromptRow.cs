namespace MLNetExt.Tests.LanguageModeling;

/// <summary>A prompt, as text and as tokens.</summary>
public sealed class PromptRow
{
    public string Prompt { get; set; } = "";

    public int[] Tokens { get; set; } = [];
}
