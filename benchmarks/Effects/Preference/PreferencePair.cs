namespace MLNetExt.Benchmarks;

/// <summary>Two responses to a prompt, of which one is preferred.</summary>
internal sealed class PreferencePair
{
    public string Prompt { get; set; } = "";

    public string Chosen { get; set; } = "";

    public string Rejected { get; set; } = "";
}
