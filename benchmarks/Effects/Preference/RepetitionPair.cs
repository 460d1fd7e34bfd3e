namespace MLNetExt.Benchmarks;

/// <summary>A prompt, a completion that repeats itself less, and one that does so more.</summary>
internal sealed class RepetitionPair
{
    public string Prompt { get; init; } = "";

    public string Chosen { get; init; } = "";

    public string Rejected { get; init; } = "";
}
