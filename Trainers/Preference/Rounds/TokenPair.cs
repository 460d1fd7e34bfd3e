namespace MLNetExt.Preference;

/// <summary>A pair as rounds train on it: tokens, with the end token where a completion has ended.</summary>
internal sealed class TokenPair
{
    public int[] Prompt { get; init; } = [];

    public int[] Chosen { get; init; } = [];

    public int[] Rejected { get; init; } = [];
}
